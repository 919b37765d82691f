// tusk and libpq 18 must understand the same by every connection string. TUSK_TEST_LIBPQ18 names
// the library; where there is none, nothing is compared, and the test says so.
#include "conninfo_libpq.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "conninfo_strings.hpp"
#include "support/catch.hpp"
#include "tusk/error.hpp"

namespace {

const libpq* library() {
  const char* const path = std::getenv("TUSK_TEST_LIBPQ18");
  if (path == nullptr || *path == '\0') {
    std::fputs("NOT COMPARED with libpq 18: TUSK_TEST_LIBPQ18 does not name its library\n", stderr);
    return nullptr;
  }
  static const libpq loaded(path);
  return &loaded;
}

/// Sets a variable of this process for a while, or takes it away.
class variable_set {
 public:
  variable_set(std::string name, const char* value) : name_(std::move(name)) {
    if (const char* const old = std::getenv(name_.c_str()); old != nullptr) old_ = old;
    set(value);
  }
  variable_set(const variable_set&) = delete;
  variable_set& operator=(const variable_set&) = delete;
  ~variable_set() { set(old_ ? old_->c_str() : nullptr); }

 private:
  void set(const char* value) const {
    if (value == nullptr)
      ::unsetenv(name_.c_str());
    else
      ::setenv(name_.c_str(), value, 1);
  }
  std::string name_;
  std::optional<std::string> old_;
};

/// What libpq's defaults hold and tusk leaves out: settings of features that tusk does not have,
/// and an empty `options`.
void drop_what_has_no_effect(libpq::values& defaults) {
  for (const char* keyword : {"sslcompression", "gssdelegation", "krbsrvname"}) {
    const auto found = defaults.find(keyword);
    if (found != defaults.end() && (found->second == "0" || found->second == "postgres"))
      defaults.erase(found);
  }
  if (defaults["options"].empty()) defaults.erase("options");
}

/// The same for tusk: what libpq settles later, in connecting.
libpq::values tusk_defaults() {
  libpq::values found;
  const tusk::conninfo full = tusk::conninfo{}.with_defaults();
  for (auto& [keyword, value] : full.items(tusk::secrets::shown))
    found.emplace(keyword, value);
  if (std::getenv("PGHOST") == nullptr) found.erase("host");
  if (std::getenv("PGDATABASE") == nullptr) found.erase("dbname");
  if (std::getenv("PGPASSFILE") == nullptr) found.erase("passfile");
  return found;
}

}  // namespace

TEST_CASE("tusk and libpq 18 understand the same by a connection string", "[conninfo]") {
  const libpq* const judge = library();
  if (judge == nullptr) return;
  const std::vector<std::string> strings = connection_strings();
  std::size_t accepted = 0;
  for (const std::string& text : strings) {
    const auto expected = judge->parse(text);
    if (expected) ++accepted;
    INFO(text);
    CHECK(described(tusk_parse(text)) == described(expected));
  }
  // The table is worth nothing when one side of it is missing.
  CHECK(strings.size() > 400);
  CHECK(accepted > 250);
  CHECK(strings.size() - accepted > 80);
}

TEST_CASE("where tusk refuses on purpose, libpq would have shown a password", "[conninfo]") {
  const libpq* const judge = library();
  if (judge == nullptr) return;
  for (const std::string text : {"postgresql://u:hun@ter2@h/d", "postgresql://u:hun/ter2@h/d"}) {
    INFO(text);
    const auto understood = judge->parse(text);
    REQUIRE(understood.has_value());
    CHECK(understood->at("host") != "h");
    CHECK_FALSE(tusk_parse(text).has_value());
  }
  // And the two things that it takes and libpq 18 does not.
  for (const std::string text : {"postgresql+psycopg://u@h/d", "servicefile=f"}) {
    INFO(text);
    CHECK_FALSE(judge->parse(text).has_value());
    CHECK(tusk_parse(text).has_value());
  }
}

TEST_CASE("without parameters tusk and libpq 18 take the same defaults", "[conninfo]") {
  const libpq* const judge = library();
  if (judge == nullptr) return;
  struct variable {
    const char* name;
    const char* value;
  };
  // Each is tried alone, and all of them are absent otherwise.
  const std::vector<variable> variables{
      {"PGHOST", "h,i"},
      {"PGHOSTADDR", "127.0.0.1"},
      {"PGPORT", "6000"},
      {"PGDATABASE", "d"},
      {"PGUSER", "u"},
      {"PGPASSWORD", "p"},
      {"PGPASSFILE", "f"},
      {"PGREQUIREAUTH", "md5,none"},
      {"PGCHANNELBINDING", "require"},
      {"PGOPTIONS", "-c geqo=off"},
      {"PGAPPNAME", "a"},
      {"PGSSLMODE", "verify-ca"},
      {"PGREQUIRESSL", "1"},
      {"PGREQUIRESSL", "0"},
      {"PGSSLNEGOTIATION", "postgres"},
      {"PGSSLCOMPRESSION", "1"},
      {"PGSSLCERT", "c"},
      {"PGSSLKEY", "k"},
      {"PGSSLCERTMODE", "require"},
      {"PGSSLROOTCERT", "r"},
      {"PGSSLROOTCERT", "system"},
      {"PGSSLCRL", "l"},
      {"PGSSLCRLDIR", "m"},
      {"PGSSLSNI", "0"},
      {"PGREQUIREPEER", "n"},
      {"PGSSLMINPROTOCOLVERSION", "TLSv1.3"},
      {"PGSSLMAXPROTOCOLVERSION", "TLSv1.3"},
      {"PGMINPROTOCOLVERSION", "3.2"},
      {"PGMAXPROTOCOLVERSION", "latest"},
      {"PGGSSENCMODE", "prefer"},
      {"PGKRBSRVNAME", "s"},
      {"PGGSSLIB", "gssapi"},
      {"PGGSSDELEGATION", "1"},
      {"PGCONNECT_TIMEOUT", "7"},
      {"PGCLIENTENCODING", "UTF8"},
      {"PGTARGETSESSIONATTRS", "standby"},
      {"PGLOADBALANCEHOSTS", "random"},
      {"PGNOTHING", "x"},
  };
  std::vector<std::unique_ptr<variable_set>> absent;
  for (const char* name : {"PGSERVICE", "PGSERVICEFILE"})
    absent.push_back(std::make_unique<variable_set>(name, nullptr));
  for (const variable& each : variables)
    absent.push_back(std::make_unique<variable_set>(each.name, nullptr));
  for (const variable& each : variables) {
    INFO(each.name << "=" << each.value);
    const variable_set present(each.name, each.value);
    libpq::values expected = judge->defaults();
    drop_what_has_no_effect(expected);
    CHECK(described(tusk_defaults()) == described(expected));
  }
}

TEST_CASE("tusk and libpq 18 refuse the same values before they connect", "[conninfo]") {
  const libpq* const judge = library();
  if (judge == nullptr) return;
  const tusk::environment nothing({}, "nobody", "/nonexistent");
  for (const std::string& values : connection_values()) {
    const std::string text = "hostaddr=127.0.0.1 port=9 " + values;
    INFO(text);
    bool refused = false;
    try {
      (void)tusk::conninfo::parse(text).with_defaults(nothing);
    } catch (const tusk::programming_error&) {
      refused = true;
    }
    CHECK(refused == judge->refuses_to_connect(text));
  }
}
