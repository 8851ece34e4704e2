from django.contrib.auth.hashers import Argon2PasswordHasher


class ModestArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id at OWASP's figures (19 MiB, two passes): Django's 100 MiB would let a few sign-ins fill the memory."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
