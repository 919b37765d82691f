#include "../../doc/examples/vector_codec.hpp"

#include "support/catalog_types.hpp"
#include "support/catch.hpp"

// The example's codec, on bytes as pgvector's vector_send writes them.

using namespace tusk;
using namespace tusk::test;

namespace {

const known_type catalog_vector =
    std::make_shared<const type_info>(named_type(16400, "vector", type_kind::base));

TEST_CASE("the example's codec reads and writes pgvector's vector in both formats") {
  const pgvector::vector one{{1, -0.5F, 3}};
  constexpr std::string_view golden = "0003 0000 3f800000 bf000000 40400000";
  CHECK(decode<pgvector::vector>(binary(catalog_vector, golden)) == one);
  CHECK(encode(one, catalog_vector).hex() == hex(wire(golden)));
  CHECK(decode<pgvector::vector>(text(catalog_vector, "[1,-0.5,3]")) == one);
  CHECK(encode(one, oid{0}).text() == "[1,-0.5,3]");
  CHECK(decode<pgvector::vector>(binary(catalog_vector, "0000 0000")).values.empty());
  CHECK(decode<pgvector::vector>(text(catalog_vector, "[]")).values.empty());
  check_damage_refused<pgvector::vector>(catalog_vector, golden);
}

TEST_CASE("the example's codec refuses what is no vector, naming the column") {
  for (const char* bad : {"", "[", "]", "1,2", "[1,]", "[,1]", "[x]", "[1,2", "[1 2]"}) {
    CAPTURE(bad);
    const std::string said =
        data_error_of([&] { decode<pgvector::vector>(text(catalog_vector, bad)); });
    CHECK(said.find("column \"c\" (vector)") != std::string::npos);
  }
  CHECK_FALSE(
      data_error_of([] { decode<pgvector::vector>(binary(catalog_vector, "ffff 0000")); }).empty());
  CHECK_FALSE(codec<pgvector::vector>::reads(oids::float4_array));
}

}  // namespace
