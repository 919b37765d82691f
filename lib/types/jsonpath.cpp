#include "tusk/types/characters.hpp"
#include "tusk/types/json.hpp"
#include "types/ascii.hpp"
#include "types/value_wire.hpp"

namespace tusk {

std::optional<jsonpath> jsonpath::parse(std::string_view text) {
  if (ascii::trim(text).empty() || text.find('\0') != std::string_view::npos) return std::nullopt;
  return jsonpath{std::string(text)};
}

namespace detail {

/// The binary form of jsonpath_send: a version, and the text.
template <>
struct value_wire<jsonpath> {
  static constexpr std::string_view what = "a path into JSON";
  static constexpr std::uint8_t version = 1;

  static std::optional<jsonpath> parse(std::string_view text) { return jsonpath::parse(text); }
  static std::string_view read(proto::reader& in, jsonpath& into) {
    const std::uint8_t found = in.u8();
    if (in.ok() && found != version) return "the version of its binary form is not 1";
    const bytes_view text = in.rest();
    into.text.assign(reinterpret_cast<const char*>(text.data()), text.size());
    return {};
  }
  static void write(value_writer& to, const jsonpath& value) {
    to.out().u8(version);
    write_text(to, value.text, codec<jsonpath>::name);
  }
};

template struct value_codec<jsonpath, oids::jsonpath, oids::jsonpath_array>;

}  // namespace detail
}  // namespace tusk
