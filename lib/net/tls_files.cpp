#include "net/tls_files.hpp"

#include <openssl/x509.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

namespace tusk::net {

namespace {

std::string identity_of(const struct stat& file) {
  std::string text;
  for (const auto number :
       {static_cast<long long>(file.st_dev), static_cast<long long>(file.st_ino),
        static_cast<long long>(file.st_size), static_cast<long long>(file.st_mtim.tv_sec),
        static_cast<long long>(file.st_mtim.tv_nsec), static_cast<long long>(file.st_ctim.tv_sec),
        static_cast<long long>(file.st_ctim.tv_nsec)})
    text += ' ' + std::to_string(number);
  return text;
}

std::string variable_or(const char* name, const char* otherwise) {
  // As OpenSSL itself reads them, but for programs that run with another's rights.
  const char* const value = std::getenv(name);
  return value != nullptr ? value : otherwise;
}

file_state look_at(const std::string& path, struct stat& file) {
  file_state state;
  if (path.empty()) return state;
  if (::stat(path.c_str(), &file) != 0) {
    const std::error_code why{errno, std::system_category()};
    if (why != std::errc::no_such_file_or_directory && why != std::errc::not_a_directory)
      state.error = "\"" + path + "\" cannot be read: " + why.message();
    return state;
  }
  state.exists = true;
  state.identity = identity_of(file);
  return state;
}

}  // namespace

file_state look_at(const std::string& path) {
  struct stat file{};
  file_state state = look_at(path, file);
  if (state.exists && S_ISDIR(file.st_mode))
    state.error = "\"" + path + "\" cannot be read: it is a folder, not a file";
  return state;
}

file_state look_at_folder(const std::string& path) {
  struct stat folder{};
  file_state state = look_at(path, folder);
  if (!state.exists) return state;
  std::error_code why;
  std::vector<std::string> files;
  for (std::filesystem::directory_iterator at(path, why), end; !why && at != end; at.increment(why))
    files.push_back(at->path().filename().string() + look_at(at->path().string()).identity);
  if (why) state.error = "\"" + path + "\" cannot be read: " + why.message();
  std::sort(files.begin(), files.end());
  for (const std::string& file : files)
    state.identity += '/' + file;
  return state;
}

std::string system_roots_identity() {
  const std::string file =
      variable_or(X509_get_default_cert_file_env(), X509_get_default_cert_file());
  const std::string folder =
      variable_or(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
  // The folder itself and not what is in it: it holds hundreds of files, which come and go by name.
  struct stat state{};
  return file + look_at(file).identity + '\n' + folder + look_at(folder, state).identity;
}

std::string given_or_default(const std::string& given, const tls_settings& settings,
                             const char* name) {
  if (!given.empty() || settings.default_folder.empty()) return given;
  return settings.default_folder + "/" + name;
}

}  // namespace tusk::net
