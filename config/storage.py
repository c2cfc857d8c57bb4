"""Static files with hashed names, and ours (not Wagtail's 60 MB) compressed beside them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

OURS = ("css/", "js/", "fonts/", "img/")


class StaticStorage(CompressedManifestStaticFilesStorage):
    manifest_strict = False

    def compress_files(self, paths):
        return super().compress_files(path for path in paths if path.startswith(OURS))

    def stored_name(self, name):
        """The hashed name, or the plain one where nothing has been collected yet (tests, commands)."""
        try:
            return super().stored_name(name)
        except ValueError:
            return name
