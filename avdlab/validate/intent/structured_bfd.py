"""The part of AVD's structured configuration that is about BFD. Defaults are EOS's."""

from pydantic import BaseModel, ConfigDict


class Timers(BaseModel):
    """Intervals in milliseconds."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    interval: int = 300
    min_rx: int = 300
    multiplier: int = 3

    @property
    def values(self) -> tuple[int, int, int]:
        return self.interval, self.min_rx, self.multiplier


class RouterBfd(Timers):
    """`router bfd`: its own timers are those of single-hop sessions."""

    multihop: Timers = Timers()
