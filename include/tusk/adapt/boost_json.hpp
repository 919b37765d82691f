#pragma once

// For programs that have Boost.JSON (1.75 or later); nothing else of tusk's knows it. One of the
// program's sources includes <boost/json/src.hpp>, or the program links Boost.JSON's library.

#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "tusk/types/json.hpp"

namespace tusk {
namespace detail {

/// Builds a Boost.JSON value as its own parser does, but for numbers with a fraction or an
/// exponent: before Boost 1.83 that parser may miss the nearest double by a little, and it takes
/// what is too large for an infinity.
struct boost_json_handler {
  static constexpr std::size_t max_object_size = boost::json::object::max_size();
  static constexpr std::size_t max_array_size = boost::json::array::max_size();
  static constexpr std::size_t max_key_size = boost::json::string::max_size();
  static constexpr std::size_t max_string_size = boost::json::string::max_size();

  using code = boost::json::error_code;
  using view = boost::json::string_view;

  boost::json::value_stack values;
  std::string number;  ///< what came of it so far

  bool on_document_begin(code&) { return true; }
  bool on_document_end(code&) { return true; }
  bool on_object_begin(code&) { return true; }
  bool on_object_end(std::size_t count, code&) { return values.push_object(count), true; }
  bool on_array_begin(code&) { return true; }
  bool on_array_end(std::size_t count, code&) { return values.push_array(count), true; }
  bool on_key_part(view part, std::size_t, code&) { return values.push_chars(part), true; }
  bool on_key(view rest, std::size_t, code&) { return values.push_key(rest), true; }
  bool on_string_part(view part, std::size_t, code&) { return values.push_chars(part), true; }
  bool on_string(view rest, std::size_t, code&) { return values.push_string(rest), true; }
  bool on_number_part(view part, code&) {
    number.append(part.data(), part.size());
    return true;
  }
  bool on_int64(std::int64_t value, view, code&) {
    number.clear();
    return values.push_int64(value), true;
  }
  bool on_uint64(std::uint64_t value, view, code&) {
    number.clear();
    return values.push_uint64(value), true;
  }
  bool on_double(double, view rest, code& failure) {
    number.append(rest.data(), rest.size());
    double nearest = 0;
    const char* end = number.data() + number.size();
    const std::from_chars_result read = std::from_chars(number.data(), end, nearest);
    if (read.ec != std::errc() || read.ptr != end) {
      failure = boost::json::error::exponent_overflow;
      return false;
    }
    number.clear();
    return values.push_double(nearest), true;
  }
  bool on_bool(bool value, code&) { return values.push_bool(value), true; }
  bool on_null(code&) { return values.push_null(), true; }
  bool on_comment_part(view, code&) { return true; }
  bool on_comment(view, code&) { return true; }
};

/// JSON knows neither NaN nor the infinities.
[[nodiscard]] inline bool is_all_finite(const boost::json::value& value) {
  if (const double* number = value.if_double()) return std::isfinite(*number);
  if (const boost::json::array* all = value.if_array()) {
    for (const boost::json::value& each : *all)
      if (!is_all_finite(each)) return false;
  }
  if (const boost::json::object* all = value.if_object()) {
    for (const auto& each : *all)
      if (!is_all_finite(each.value())) return false;
  }
  return true;
}

}  // namespace detail

/// `json` and `jsonb` as Boost.JSON's value; sent as jsonb when the server was not asked.
///
/// That value has 64-bit integers and doubles only: any other number becomes the nearest double.
/// Where every digit counts, read `tusk::json`. Reading throws `data_error` for numbers that no
/// double holds (`1e400`, which jsonb has) and for more than `max_depth` levels; sending does for
/// NaN and the infinities, which JSON has not.
template <>
struct codec<boost::json::value> {
  static constexpr std::string_view name = "boost::json::value";
  static constexpr oid type = oids::jsonb;
  static constexpr oid array_type = oids::jsonb_array;
  /// Arrays and objects within each other; the parser takes some stack for each.
  static constexpr std::size_t max_depth = 1000;

  static bool reads(oid from) noexcept { return codec<json>::reads(from); }
  static bool writes(oid to) noexcept { return codec<json>::writes(to); }
  static format read_format(oid) noexcept { return format::binary; }

  static boost::json::value decode(const field& value) {
    const std::string_view text = detail::json_text(value, name);
    boost::json::parse_options options;
    options.max_depth = max_depth;
    boost::json::basic_parser<detail::boost_json_handler> parser(options);
    parser.handler().values.reset();
    boost::json::error_code failure;
    const std::size_t read = parser.write_some(false, text.data(), text.size(), failure);
    if (!failure && read != text.size()) failure = boost::json::error::extra_data;
    if (failure) {
      fail_read(value, name,
                "Boost.JSON: " + failure.message() + " at byte " + std::to_string(read + 1));
    }
    return parser.handler().values.release();
  }

  static format encode(value_writer& to, const boost::json::value& value) {
    if (!detail::is_all_finite(value)) to.fail(name, "one of its numbers is not finite");
    return codec<jsonb>::encode(to, jsonb{to_text(value)});
  }
  static std::string to_text(const boost::json::value& value) {
    return boost::json::serialize(value);
  }
};

}  // namespace tusk
