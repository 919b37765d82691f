#include "session/connect.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "auth/nonce.hpp"
#include "session/credentials.hpp"
#include "session/route.hpp"
#include "session/session_target.hpp"
#include "tusk/sqlstate.hpp"

namespace tusk::detail {

namespace {

/// Where to go on after an attempt that failed.
enum class next_try : std::uint8_t {
  encryption,  ///< the same address, protected otherwise
  address,     ///< the host's next address
  host,        ///< the next host
  nowhere,     ///< no other attempt can end better
};

// The ways to protect a connection to this address, in the order in which sslmode tries them. A
// Unix socket is not left by what passes through it: libpq uses no TLS there, either.
std::vector<route> ways_to(const route& there) {
  const connect_plan& plan = *there.plan;
  const bool local = there.address && there.address->is_local();
  const protection tls = plan.tls_settings.direct ? protection::direct : protection::negotiated;
  route plain = there;
  route encrypted = there;
  encrypted.protected_by = tls;
  if (local || plan.tls == encryption::disable || !net::tls_supported()) return {plain};
  // Nobody can be asked for a certificate in plain text.
  if (plan.tls_settings.mode == net::client_certificate::require) return {encrypted};
  switch (plan.tls) {
    case encryption::allow: return {plain, encrypted};
    case encryption::prefer: encrypted.may_be_plain = true; return {encrypted, plain};
    default: return {encrypted};
  }
}

std::string_view name_of(protection how) noexcept {
  return how == protection::none ? " without TLS" : " with TLS";
}

// Fresh each time: a generator that is kept goes on the same way in every process that is forked
// after its first use, and a whole pool of workers would choose the same host.
std::mt19937 dice() {
  return std::mt19937{std::random_device{}()};
}

// What the server said of an attempt that reached it.
next_try after_refusal(const error& failed, bool stronger_is_left) noexcept {
  const sqlstate_code code = failed.sqlstate();
  // It is starting up, or shutting down; its other addresses lead to the same server.
  if (code == sqlstate::cannot_connect_now) return next_try::host;
  if (code.empty()) {
    return failed.kind() == error_kind::protocol ? next_try::nowhere : next_try::address;
  }
  // pg_hba.conf may have a line for the other way, with or without TLS. A wrong password is wrong
  // there, too, and must not be tried in plain text after TLS.
  const bool by_server = !failed.severity().empty();
  if (by_server && code == sqlstate::invalid_authorization_specification)
    return next_try::encryption;
  // Poolers that insist on TLS have codes of their own for it (PgBouncer: 08P01). Going over to TLS
  // gives nothing away, so all but a wrong password is reason enough, as in libpq.
  if (by_server && stronger_is_left && code != sqlstate::invalid_password)
    return next_try::encryption;
  return next_try::nowhere;
}

next_try after_opening(opening how) noexcept {
  switch (how) {
    case opening::unreachable:
    case opening::timed_out: return next_try::address;
    case opening::no_tls: return next_try::encryption;
    default: return next_try::nowhere;
  }
}

/// Goes through the hosts of a plan once, or twice for prefer-standby.
class host_loop {
 public:
  host_loop(const std::shared_ptr<const connect_plan>& plan, const session_options& options,
            const net::deadline& until)
      : plan_(plan), options_(options), until_(until), wanted_(plan->target) {}

  std::unique_ptr<connection> run() {
    const bool prefers = wanted_ == session_target::prefer_standby;
    if (prefers) wanted_ = session_target::standby;
    if (pass()) return std::move(made_);
    if (prefers && next_ != next_try::nowhere && !until_.passed()) {
      wanted_ = session_target::any;
      tried_.clear();
      if (pass()) return std::move(made_);
    }
    fail();
  }

  std::unique_ptr<connection> run_at(const route& there) {
    wanted_ = session_target::any;
    if (try_address(there.server, there)) return std::move(made_);
    fail();
  }

 private:
  bool pass();
  bool try_host(const endpoint& at);
  bool try_address(const endpoint& at, const route& there);
  bool attempt(const endpoint& at, const route& way, const net::deadline& until);
  bool log_in(const endpoint& at, const route& way, opened line, const net::deadline& until);
  [[nodiscard]] next_try after(const error& failed, const route& way, bool settled) const noexcept;
  engine::startup_options startup_for(credentials& asked, const opened& line) const;
  [[nodiscard]] net::deadline per_address() const;
  void note(const endpoint& at, const route* way, std::string_view why);
  void note(const endpoint& at, const route& way, const error& failed, std::string_view remark);
  [[noreturn]] void fail();

  std::shared_ptr<const connect_plan> plan_;
  const session_options& options_;
  const net::deadline& until_;
  session_target wanted_;
  std::unique_ptr<connection> made_;
  std::string tried_;
  error_details last_;
  bool several_ways_ = false;
  bool named_ = true;  // whether application_name is sent
  next_try next_ = next_try::host;
};

net::deadline host_loop::per_address() const {
  if (!plan_->timeout_per_address) return until_;
  return net::deadline::after(*plan_->timeout_per_address).or_before(until_);
}

bool host_loop::pass() {
  std::vector<endpoint> hosts = plan_->hosts;
  if (plan_->shuffled) std::ranges::shuffle(hosts, dice());
  for (const endpoint& at : hosts) {
    if (try_host(at)) return true;
    if (next_ == next_try::nowhere || until_.passed()) return false;
  }
  return false;
}

bool host_loop::try_host(const endpoint& at) {
  if (options_.connector)
    return try_address(at, {.plan = plan_, .server = at, .connector = options_.connector});
  net::resolved found =
      net::resolve(at.hostaddr.empty() ? at.host : at.hostaddr, at.port, per_address());
  if (found.addresses.empty()) {
    last_ = {.kind = found.timed_out ? error_kind::timeout : error_kind::connect};
    note(at, nullptr, found.error);
    next_ = next_try::host;
    return false;
  }
  if (plan_->shuffled) std::ranges::shuffle(found.addresses, dice());
  for (const net::address& address : found.addresses) {
    if (try_address(at, {.plan = plan_, .server = at, .address = address})) return true;
    if (next_ != next_try::address || until_.passed()) return false;
  }
  return false;
}

bool host_loop::try_address(const endpoint& at, const route& there) {
  const net::deadline until = per_address();
  const std::vector<route> ways = ways_to(there);
  several_ways_ = ways.size() > 1;
  for (const route& way : ways) {
    if (attempt(at, way, until)) return true;
    if (next_ != next_try::encryption) return false;
  }
  // Every way to protect it was refused: so it would be elsewhere.
  next_ = next_try::nowhere;
  return false;
}

bool host_loop::attempt(const endpoint& at, const route& way, const net::deadline& until) {
  opened line = open(way, until);
  if (line.how != opening::open) {
    next_ = after_opening(line.how);
    last_ = {.kind = line.how == opening::timed_out ? error_kind::timeout : error_kind::connect};
    // How it would have been protected matters only where it got that far.
    if (line.how != opening::no_tls && line.how != opening::no_postgresql) several_ways_ = false;
    note(at, &way, line.why);
    return false;
  }
  return log_in(at, way, std::move(line), until);
}

bool host_loop::log_in(const endpoint& at, const route& way, opened line,
                       const net::deadline& until) {
  credentials asked(*plan_, options_, at, line.encrypted);
  // A server that answered the SSLRequest with "no" was taken as it is: there is no other way left.
  const bool settled = way.may_be_plain && !line.encrypted;
  route taken = way;
  if (!line.encrypted) taken.protected_by = protection::none;
  taken.may_be_plain = false;
  const route noted = taken;
  try {
    engine::startup_options startup = startup_for(asked, line);
    made_ = std::make_unique<connection>(std::move(taken), std::move(line.line), std::move(startup),
                                         options_, until);
    const std::string_view misfit = target_misfit(*made_, wanted_, until);
    if (misfit.empty()) return true;
    next_ = next_try::host;
    last_ = {.kind = error_kind::connect};
    note(at, &noted,
         "target_session_attrs=" + plan_->to.target_session_attrs.value_or("") +
             " was asked for, and " + std::string(misfit));
    made_->farewell();
  } catch (const error& failed) {
    if (asked.provider_threw()) throw;
    // Something very old, or half a server, that does not know application_name: it can do without.
    if (failed.sqlstate() == sqlstate::undefined_object && named_) {
      named_ = false;
      return attempt(at, way, until);
    }
    next_ = after(failed, way, settled);
    note(at, noted, failed, asked.remark());
  }
  made_.reset();
  return false;
}

next_try host_loop::after(const error& failed, const route& way, bool settled) const noexcept {
  // Logged in, but the question for target_session_attrs was not answered, as by a pooler's
  // console: another host may answer it.
  if (made_ != nullptr) return next_try::host;
  const bool stronger_is_left =
      plan_->tls == encryption::allow && way.protected_by == protection::none && several_ways_;
  const next_try next = after_refusal(failed, stronger_is_left);
  return settled && next == next_try::encryption ? next_try::nowhere : next;
}

engine::startup_options host_loop::startup_for(credentials& asked, const opened& line) const {
  engine::startup_options startup = plan_->startup;
  if (!named_)
    std::erase_if(startup.settings, [](const auto& s) { return s.first == "application_name"; });
  startup.nonce = auth::make_nonce();
  if (startup.nonce.empty()) {
    raise({.kind = error_kind::connect,
           .message = "the system gives no random bytes for a SCRAM nonce",
           .session_usable = false});
  }
  startup.password = [&asked] { return asked.password(); };
  startup.token = [&asked] { return asked.token(); };
  startup.encrypted = line.encrypted;
  if (line.encrypted) {
    net::channel_binding binding = line.line.binding();
    startup.channel_binding_data = std::move(binding.data);
    startup.no_channel_binding = std::move(binding.why_not);
  }
  return startup;
}

// `way` is null when nothing was reached that it could tell about.
void host_loop::note(const endpoint& at, const route* way, std::string_view why) {
  if (!tried_.empty()) tried_ += "; ";
  tried_ += "cannot connect to ";
  if (way == nullptr) {
    tried_ += at.name();
  } else {
    const std::string text = way->text();
    const bool repeats = text.starts_with(at.name()) || text.starts_with("[" + at.name());
    tried_ += repeats ? text : at.name() + " (" + text + ")";
    tried_ += " as user \"" + plan_->to.user.value_or("") + "\"";
    if (several_ways_) tried_ += name_of(way->protected_by);
  }
  tried_.append(": ").append(why);
}

void host_loop::note(const endpoint& at, const route& way, const error& failed,
                     std::string_view remark) {
  last_ = failed.details();
  note(at, &way, last_.message);
  const bool about_password = failed.sqlstate() == sqlstate::invalid_password ||
                              failed.sqlstate() == sqlstate::invalid_authorization_specification;
  if (about_password && last_.hint.empty()) last_.hint = remark;
}

void host_loop::fail() {
  last_.message = std::move(tried_);
  last_.session_usable = false;
  last_.safe_to_retry = true;
  if (last_.kind != error_kind::timeout) last_.kind = error_kind::connect;
  raise(std::move(last_));
}

}  // namespace

std::unique_ptr<connection> connect(const std::shared_ptr<const connect_plan>& plan,
                                    const session_options& options, const net::deadline& until) {
  return host_loop(plan, options, until).run();
}

std::unique_ptr<connection> connect_again(const route& same, const session_options& options,
                                          const net::deadline& until) {
  const route there{.plan = same.plan,
                    .server = same.server,
                    .address = same.address,
                    .connector = same.connector};
  return host_loop(same.plan, options, until).run_at(there);
}

}  // namespace tusk::detail
