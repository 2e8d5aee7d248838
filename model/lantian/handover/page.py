"""A report as one page of HTML: no network, no other file; it sorts, prints and reads aloud."""

from base64 import b64encode
from pathlib import Path

from lantian.handover.blocks import Grid, Listing, Paragraph, Picture, Report
from lantian.language import Text
from lantian.report.words import figures
from lantian.vocabulary import Language

HTML_LANGUAGES: dict[Language, str] = {"en": "en", "zh": "zh-CN"}
SKIP = Text("Skip to the answer", "跳到结论")
CONTENTS = Text("Contents", "目录")


def write_page(report: Report, charts: Path, language: Language, path: Path) -> None:
    """Write a report as HTML with everything in it.

    Parameters
    ----------
    report
        Content.
    charts
        Folder with its pictures as SVG.
    language
        Language of the reader.
    path
        File to write.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    def image(picture: Picture) -> str:
        drawn = (charts / f"{picture.stem}.{language}.svg").read_bytes()
        return f"data:image/svg+xml;base64,{b64encode(drawn).decode('ascii')}"

    places = Environment(
        loader=PackageLoader("lantian.handover", "."), autoescape=True, undefined=StrictUndefined
    )
    kinds = {"paragraph": Paragraph, "listing": Listing, "grid": Grid}
    places.tests |= {
        name: lambda block, kind=kind: isinstance(block, kind) for name, kind in kinds.items()
    }
    places.filters |= {"image": image, "figures": figures}
    text = places.get_template("page.html.jinja").render(
        report=report,
        lang=HTML_LANGUAGES[language],
        skip=SKIP.say(language),
        contents=CONTENTS.say(language),
    )
    path.write_text(text, encoding="utf-8")
