"""From labour-market register data to an evaluation report in which every figure traces to one rule."""
