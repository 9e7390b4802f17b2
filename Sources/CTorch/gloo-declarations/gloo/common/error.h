// Intentionally empty: c10d includes this header, but ProcessGroupGloo needs no declaration of it.
#pragma once
