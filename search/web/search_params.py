"""The parameters of a search in the JSON API, and the search that they describe."""

from __future__ import annotations

from typing import Literal

from ninja import Field, Schema
from ninja.errors import HttpError

from search.query.request import MAX_PAGE_NUMBER, WEB_MAX_PAGE_SIZE, MappingParams, SearchRequest
from search.results import Complaint


class SearchParams(Schema):
    """The parameters of /search/; those that are lists may be repeated."""

    q: str = ""
    country: list[str] = Field(
        default_factory=list,
        description="of the cities that articles mention; by any name, or SY. Countries, governorates and "
        "cities are one filter: any of them, and a value inside another chosen one replaces it",
    )
    governorate: list[str] = Field(default_factory=list)
    city: list[str] = Field(default_factory=list)
    place_all: bool = Field(False, description="articles with every chosen place, not any")
    about: bool = Field(False, description="articles about the chosen places, not all that mention them")
    source: list[str] = Field(default_factory=list)
    date: list[str] = Field(default_factory=list, description="YYYY, YYYY-MM, YYYY-MM-DD or undated")
    date_from: str = Field("", alias="from", description="YYYY, YYYY-MM or YYYY-MM-DD")
    date_to: str = Field("", alias="to", description="YYYY, YYYY-MM or YYYY-MM-DD")
    event: list[str] = Field(
        default_factory=list, description="dates that articles speak of: YYYY, YYYY-MM or YYYY-MM-DD"
    )
    event_from: str = Field("", description="YYYY, YYYY-MM or YYYY-MM-DD")
    event_to: str = Field("", description="YYYY, YYYY-MM or YYYY-MM-DD")
    not_place: list[str] = Field(
        default_factory=list,
        description="no article that mentions it: any name of a city, governorate or country; with a kind "
        "before it (governorate:حمص), only that",
    )
    not_source: list[str] = Field(default_factory=list)
    not_date: list[str] = Field(default_factory=list, description="YYYY, YYYY-MM, YYYY-MM-DD or undated")
    level: Literal["exact", "light", "all"] = Field(
        "all", description="how deep words are searched: as written, close forms too, all forms too"
    )
    without: list[str] = Field(
        default_factory=list,
        description='expansions (as shown) not to search for; "OCR" = no likely words of scans, '
        '"*" = none of them',
    )
    included: list[str] = Field(
        default_factory=list, alias="with", description="offered expansions (as shown) to search for too"
    )
    sort: Literal["relevance", "newest", "oldest"] = "relevance"
    group: Literal["", "story", "none"] = Field(
        "", description='"story": each story once, by its best article'
    )
    close: Literal["", "all"] = Field(
        "",
        description="close hits lack words, or have others in their place. Behind fewer than five strict "
        'hits come five of them, without snippets and beyond `size`; "all": all of them, on the pages after '
        "the strict ones",
    )
    page: int = Field(1, ge=1, le=MAX_PAGE_NUMBER)
    size: int = Field(20, ge=1, le=WEB_MAX_PAGE_SIZE)


def parse_params(params: SearchParams) -> tuple[SearchRequest, tuple[Complaint, ...]]:
    """Return the search described by these parameters. Raises HttpError (422) for an invalid date."""
    given = params.model_dump(by_alias=True)
    values = {name: value if isinstance(value, list) else [str(value)] for name, value in given.items()}
    asked, complaints = SearchRequest.from_params(MappingParams(values))
    if wrong := [complaint for complaint in complaints if complaint.code == "bad_date"]:
        raise HttpError(422, f"not a date: {wrong[0].detail}")
    return asked, complaints
