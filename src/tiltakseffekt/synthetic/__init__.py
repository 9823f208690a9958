"""Made-up persons: registers without anybody real in them, and the truth about them."""

from tiltakseffekt.core.compiled import cache_by_source

cache_by_source()
