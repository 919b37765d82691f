#pragma once

// For programs that have nlohmann/json (3.9 or later); nothing else of tusk's knows it.

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "tusk/types/json.hpp"

namespace tusk {
namespace detail {

/// JSON knows neither NaN nor the infinities; the library would write null for them.
template <class Json>
[[nodiscard]] bool is_all_finite(const Json& value) {
  if (value.is_number_float())
    return std::isfinite(value.template get_ref<const typename Json::number_float_t&>());
  if (value.is_structured()) {
    for (const Json& each : value)
      if (!is_all_finite(each)) return false;
  }
  return true;
}

template <class Json>
struct nlohmann_codec {
  static constexpr std::string_view name = "nlohmann::json";
  static constexpr oid type = oids::jsonb;
  static constexpr oid array_type = oids::jsonb_array;

  static bool reads(oid from) noexcept { return codec<json>::reads(from); }
  static bool writes(oid to) noexcept { return codec<json>::writes(to); }
  static format read_format(oid) noexcept { return format::binary; }

  static Json decode(const field& value) {
    const std::string_view text = json_text(value, name);
    try {
      return Json::parse(text.begin(), text.end());
    } catch (const nlohmann::json::exception& why) {
      fail_read(value, name, why.what());
    }
  }

  static format encode(value_writer& to, const Json& value) {
    if (!is_all_finite(value)) to.fail(name, "one of its numbers is not finite");
    try {
      return codec<jsonb>::encode(to, jsonb{value.dump()});
    } catch (const nlohmann::json::exception& why) {
      to.fail(name, why.what());  // a string that is not UTF-8
    }
  }
  static std::string to_text(const Json& value) { return value.dump(); }
};

}  // namespace detail

/// `json` and `jsonb` as nlohmann/json's value; sent as jsonb when the server was not asked.
///
/// That value has 64-bit integers and doubles only: any other number becomes the nearest double.
/// Where every digit counts, read `tusk::json`. Reading throws `data_error` for numbers that no
/// double holds (`1e400`, which jsonb has); sending does for NaN and the infinities, and for
/// strings that are not UTF-8.
template <>
struct codec<nlohmann::json> : detail::nlohmann_codec<nlohmann::json> {};

/// The same with the members of objects in the order of the text.
template <>
struct codec<nlohmann::ordered_json> : detail::nlohmann_codec<nlohmann::ordered_json> {};

}  // namespace tusk
