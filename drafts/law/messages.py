"""Mark messages for the catalogues, without Django; who shows one translates it."""


def _(message: str) -> str:
    return message
