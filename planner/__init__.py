"""一刻钟养老服务圈: who can walk to care, which centres fall short, where the next ones go."""

__all__: list[str] = []
