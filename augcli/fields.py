"""The base of everything a person writes in YAML: strict, frozen pydantic models."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """A group of settings. Unknown keys, NaN, infinity and silent conversions are refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        validate_default=False,
        defer_build=True,
    )


NonNegative = Annotated[float, Field(ge=0, le=1e6)]
Probability = Annotated[float, Field(ge=0, le=1)]
Byte = Annotated[int, Field(ge=0, le=255)]
FillMode = Literal["nearest", "reflect", "constant", "wrap"]
