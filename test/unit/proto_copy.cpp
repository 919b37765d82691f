#include <sys/mman.h>

#include "support/message_check.hpp"

// Inside, for messages share names with functions of the system: close, sync, bind.
namespace tusk::proto {

using namespace tusk::test;

TEST_CASE("The three Copy responses carry an overall format and one for each column", "[proto]") {
  const std::array<format, 2> columns{format::binary, format::binary};
  check_message("'G' 0000000b 01 0002 0001 0001", copy_in_response{format::binary, columns});
  check_message("'H' 0000000b 01 0002 0001 0001", copy_out_response{format::binary, columns});
  check_message("'W' 0000000b 01 0002 0001 0001", copy_both_response{format::binary, columns});
  check_message("'W' 00000007 00 0000", copy_both_response{});
  check_refused<copy_in_response>("02 0000", {fault::bad_value, 0});
  check_refused<copy_out_response>("00 0001 0002", {fault::bad_value, 3});
}

TEST_CASE("CopyData is any bytes, none too", "[proto]") {
  check_message("'d' 0000000a '1'09'one'0a", copy_data{bytes_of("1\tone\n")}, ending::open, 0);
  check_message("'d' 00000004", copy_data{}, ending::open, 0);
}

TEST_CASE("CopyDone has no body and CopyFail is its reason", "[proto]") {
  check_message("'c' 00000004", copy_done{});
  check_message("'f' 0000000c 'no more' 00", copy_fail{"no more"});
  check_unencodable(copy_fail{{"a\0b", 3}}, fault::embedded_nul);
}

TEST_CASE("A message of 2^31 bytes or more is refused and not wrapped", "[proto]") {
  if constexpr (sizeof(std::size_t) > 4) {
    // Address space alone: nothing may read it.
    const std::size_t size = std::size_t{1} << 32;
    void* const space =
        mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    REQUIRE(space != MAP_FAILED);
    const bytes_view huge{static_cast<const std::byte*>(space), size};

    check_unencodable(copy_data{huge}, fault::too_long);
    check_unencodable(copy_data{huge.first(INT32_MAX)}, fault::too_long);
    check_unencodable(sasl_response{huge}, fault::too_long);
    check_unencodable(function_call_response{huge}, fault::too_long);
    const std::array<std::optional<bytes_view>, 1> one{huge};
    check_unencodable(bind{"", "", {}, one, {}}, fault::too_long);
    check_unencodable(data_row{one}, fault::too_long);
    // Each value fits; together they do not.
    const std::array<std::optional<bytes_view>, 2> halves{huge.first(1u << 30),
                                                          huge.first(1u << 30)};
    writer out{std::span<std::byte>{}};
    CHECK(encode(out, data_row{halves}).what == fault::too_long);
    CHECK(out.size() == 0);
    // The longest that there can be is counted, not copied.
    CHECK(encode(out, copy_data{huge.first(INT32_MAX - 4)}).what == fault::no_room);
    CHECK(out.size() == (std::size_t{1} << 31));
    munmap(space, size);
  }
}

}  // namespace tusk::proto
