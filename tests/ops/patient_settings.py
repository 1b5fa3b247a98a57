"""The archive's settings with patient readers: an answer of a busy machine may take more than two seconds."""

from newsarchive.settings import *  # noqa: F403  all of them
from newsarchive.settings import SEARCH_ENGINES

SEARCH_ENGINES["elasticsearch"]["TIMEOUT"] = 30.0
