#include "types/zone_abbreviations.hpp"

#include <array>

#include "types/ascii.hpp"

namespace tusk::calendar {
namespace {

struct abbreviation {
  std::string_view name;  // in lower case
  std::int32_t offset;
};

constexpr std::int32_t minutes(int count) noexcept {
  return count * 60;
}

// The abbreviations that have one offset in all of PostgreSQL's src/timezone/tznames (12 to 18) and
// the same one wherever a zone of the IANA time zone database ever had them. The second condition
// leaves out names that look sure: HST was -10:30 once, MSK +04, PST is Manila's, too. Nothing is
// said here of zones that a user made up in POSIX form, such as 'UTC+3'.
constexpr std::array<abbreviation, 37> known{{
    {"acdt", minutes(630)},
    {"adt", minutes(-180)},
    {"aedt", minutes(660)},
    {"aest", minutes(600)},
    {"akdt", minutes(-480)},
    {"akst", minutes(-540)},
    {"awst", minutes(480)},
    {"bdst", minutes(120)},
    {"cat", minutes(120)},
    {"cest", minutes(120)},
    {"cet", minutes(60)},
    {"chst", minutes(600)},
    {"eat", minutes(180)},
    {"edt", minutes(-240)},
    {"eest", minutes(180)},
    {"eet", minutes(120)},
    {"gmt", 0},
    {"hkt", minutes(480)},
    {"idt", minutes(180)},
    {"jst", minutes(540)},
    {"mdt", minutes(-360)},
    {"mest", minutes(120)},
    {"met", minutes(60)},
    {"msd", minutes(240)},
    {"nzdt", minutes(780)},
    {"pkst", minutes(360)},
    {"pkt", minutes(300)},
    {"sst", minutes(-660)},
    {"uct", 0},
    {"ut", 0},
    {"utc", 0},
    {"wat", minutes(60)},
    {"wib", minutes(420)},
    {"wit", minutes(540)},
    {"wita", minutes(480)},
    {"z", 0},
    {"zulu", 0},
}};

}  // namespace

std::optional<std::int32_t> zone_offset(std::string_view name) noexcept {
  for (const abbreviation& each : known)
    if (ascii::equals(name, each.name)) return each.offset;
  return std::nullopt;
}

}  // namespace tusk::calendar
