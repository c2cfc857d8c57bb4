"""Gunicorn: one process of threads where memory counts the rate limits, several where Redis does."""

import os

from . import env

_cluster = bool(env.text("REDIS_URL"))

bind = [f"{env.text('BIND', '127.0.0.1')}:{env.number('PORT', 8000)}"]
worker_class = "gthread"
workers = env.number("WEB_WORKERS", min(4, (os.cpu_count() or 1) + 1)) if _cluster else 1
# Slow senders hold a thread each: on one machine without a proxy there must be some to spare.
threads = env.number("WEB_THREADS", 4 if _cluster else 24)
timeout = 60
graceful_timeout = 10
keepalive = 5
# A worker is renewed now and then only where another serves meanwhile.
max_requests, max_requests_jitter = (5000, 500) if _cluster else (0, 0)
# Heartbeats in memory, not on a disk that may stall.
_memory = "/dev/shm"  # noqa: S108
worker_tmp_dir = _memory if os.path.isdir(_memory) and os.access(_memory, os.W_OK) else None
# Addresses hold what people search for and look-up keys: none of them is written down.
accesslog = None
errorlog = "-"
loglevel = "warning"
# Two instances on one machine would share its socket in the home directory.
control_socket_disable = True
