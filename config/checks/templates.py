"""Every template compiles, and what it includes, extends or links to by name exists."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
from django.conf import settings
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.base import Node
from django.template.defaulttags import URLNode
from django.template.loader import get_template
from django.template.loader_tags import ExtendsNode, IncludeNode
from django.urls import URLPattern, URLResolver, get_resolver

ROOMS = ("intake", "cms", "search")


def folders() -> list[Path]:
    base = Path(settings.BASE_DIR)
    return [
        folder for folder in (base / "templates", *(base / room / "templates" for room in ROOMS)) if folder.is_dir()
    ]


def names() -> list[str]:
    files = [(folder, path) for folder in folders() for path in folder.rglob("*") if path.suffix in {".html", ".txt"}]
    return sorted(str(path.relative_to(folder)) for folder, path in files)


def view_names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from view_names(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield namespace + pattern.name


def literal(expression: object) -> str | None:
    """The name itself, where the template writes it out."""
    value = getattr(expression, "var", None)
    return value if isinstance(value, str) else None


def faults(name: str, views: set[str]) -> Iterator[str]:
    try:
        template = get_template(name).template  # type: ignore[attr-defined]
    except (TemplateSyntaxError, TemplateDoesNotExist) as error:
        yield f"{name}: {error}"
        return
    for node in template.nodelist.get_nodes_by_type(Node):
        if isinstance(node, IncludeNode | ExtendsNode):
            wanted = literal(node.template if isinstance(node, IncludeNode) else node.parent_name)
            try:
                if wanted:
                    get_template(wanted)
            except TemplateDoesNotExist:
                yield f"{name}: no template {wanted}"
            except TemplateSyntaxError:
                pass  # told under its own name
        elif isinstance(node, URLNode):
            wanted = literal(node.view_name)
            if wanted and wanted not in views:
                yield f"{name}: no address named {wanted}"


def main() -> int:
    django.setup()
    views = set(view_names(get_resolver()))
    found = [fault for name in names() for fault in faults(name, views)]
    print("\n".join(found) or f"{len(names())} templates")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
