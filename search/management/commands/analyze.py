"""`analyze TEXT`: the analysis of a text, token by token."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from arabic.analyzer import analysis_version, lemma_terms_in_context, light_stem
from arabic.text.tokenizer import tokenize
from search.management.command_options import add_json_option, text_argument, write_output


class Command(BaseCommand):
    help = "Shows every token of TEXT at every level, with its offsets in the text as given."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", type=text_argument, metavar="TEXT")
        add_json_option(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        text = options["text"]
        tokens = tokenize(text)
        forms = lemma_terms_in_context(tokens.written)
        rows: list[dict[str, Any]] = [
            {
                "text": text[token.start : token.end],
                "start": token.start,
                "end": token.end,
                "position": token.position,
                "exact": token.normalized,
                "light": light_stem(token.normalized),
                "forms": list(names),
            }
            for token, names in zip(tokens, forms, strict=True)
        ]
        lines = [
            "\t".join(
                (f"{row['start']}-{row['end']}", row["text"], row["exact"], row["light"], *row["forms"])
            )
            for row in rows
        ]
        answer = {"text": text, "analysis_version": analysis_version(), "tokens": rows}
        write_output(self.stdout, answer, "\n".join(lines), json=options["json"])
