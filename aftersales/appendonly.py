"""Tables that only grow: triggers on both engines refuse UPDATE and DELETE (being built)."""


def append_only(model):
    return model


def install(**kwargs) -> None:
    return None
