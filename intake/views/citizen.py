def csrf_failure(request, reason=""):
    raise NotImplementedError


def too_many(request, exception=None):
    raise NotImplementedError
