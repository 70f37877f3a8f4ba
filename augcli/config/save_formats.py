"""Which format a config saves, and whose `save_options` its layers hold."""

from augcli.config.schema import Config
from augcli.config.tree import Entry, Node, child, merge
from augcli.images.options import SAVE_OPTIONS


def format_of(tree: Node) -> str:
    """The format that a config saves; the default where it says none, or none that there is."""
    node = child(tree, "save_format")
    if node and isinstance(node.content, str) and node.content in SAVE_OPTIONS:
        return node.content
    return str(Config.model_fields["save_format"].default)


def merge_layer(low: Node, high: Node) -> Node:
    """`high` over `low`, save_options included only while both save one format."""
    save_format = child(high, "save_format")
    return merge(without_options_of_other_format(low, save_format), high)


def without_options_of_other_format(tree: Node, save_format: Node | None) -> Node:
    """A config as a higher layer finds it that sets `save_format`, None where it does not.

    The save_options were written for the format of their own layer, and go with it. What is no
    option of that format either stays, to be reported.
    """
    entries = tree.content if isinstance(tree.content, dict) else {}
    old = format_of(tree)
    options = child(tree, "save_options")
    if options is None or not isinstance(options.content, dict):
        return tree
    if save_format is None or save_format.content == old:
        return tree
    known = SAVE_OPTIONS[old].model_fields
    kept = Node({k: e for k, e in options.content.items() if k not in known}, options.mark)
    entry = Entry(entries["save_options"].key_mark, kept)
    return Node({**entries, "save_options": entry}, tree.mark)
