// Intentionally without declarations: c10d includes it, but its class needs nothing from it.
#pragma once
