#pragma once

// The one place that names Catch2: Debian 12 has version 2.13, newer systems have 3.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
