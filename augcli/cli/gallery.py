"""`augcli gallery`: what every transform does, on one picture."""

import click

from augcli.cli.command import Command
from augcli.cli.console import noting_compilation, print_note, print_result, print_warning
from augcli.cli.exits import interruptible, known_errors


@click.command(
    cls=Command, short_help="Draw what every transform does, with the YAML that does it."
)
@click.option(
    "-o",
    "--output",
    "file",
    metavar="FILE",
    default="gallery.html",
    type=click.Path(),
    help="Page (.html) or picture (.png) to write. Default: gallery.html.",
)
@click.option(
    "--image",
    metavar="FILE",
    type=click.Path(),
    help="Photo to show the transforms on. Default: a drawn picture.",
)
@click.option(
    "--only",
    metavar="NAME",
    multiple=True,
    help="Show this transform, and others by more --only. Default: all.",
)
@click.option(
    "--seed",
    metavar="SEED",
    default=0,
    type=click.IntRange(0, 2**53 - 1),
    help="What is drawn by chance comes from this number. Default: 0.",
)
@click.option(
    "--theme",
    type=click.Choice(["light", "dark"]),
    help="Colours. Default: light; of a page, those of the reader's system.",
)
@click.option("--force", is_flag=True, help="Replace FILE even if it is no earlier gallery.")
def gallery(
    *,
    file: str,
    image: str | None,
    only: tuple[str, ...],
    seed: int,
    theme: str | None,
    force: bool,
) -> None:
    """Draw what every transform does at a few strengths, with the YAML that does it.

    \b
    augcli gallery
    augcli gallery --image photos/cat.jpg --only rain --only fog -o weather.html
    """
    with known_errors():
        from augcli.report.gallery import chosen_names, make_gallery, photo_subject, sample_subject
        from augcli.report.sheet_file import MARKS, format_of
        from augcli.report.writing import check_replaceable, write_file

        names = chosen_names(only)
        sheet_format = format_of(file)
        check_replaceable(file, MARKS, kind="gallery", force=force)
        subject = sample_subject() if image is None else photo_subject(image)
        with interruptible(resumes=False) as interruption, noting_compilation():
            made = make_gallery(subject, names, seed=seed, check=interruption.check)
        if sheet_format == "html":
            from augcli.report.gallery_html import gallery_bytes

            data = gallery_bytes(made, theme=theme)
        else:
            from augcli.report.sheet_png import png_bytes

            data = png_bytes(made.sheet, theme=theme or "light")
        if made.failures:
            print_warning("some pictures could not be made:")
        for failure in made.failures:
            print_note(f"  {failure}")
        write_file(file, data)
        print_result(file)
