#include "net/tls_certificate.hpp"

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>

namespace tusk::net {

namespace {

template <typename T, void (*Free)(T*)>
struct freed_by {
  void operator()(T* object) const noexcept { Free(object); }
};
template <typename T, void (*Free)(T*)>
using owned = std::unique_ptr<T, freed_by<T, Free>>;

void free_bio(BIO* bio) noexcept {
  BIO_free(bio);
}
void free_hex(char* text) noexcept {
  OPENSSL_free(text);
}

std::string name_text(const X509_NAME* name) {
  const owned<BIO, free_bio> to(BIO_new(BIO_s_mem()));
  if (!to || name == nullptr ||
      X509_NAME_print_ex(to.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0)
    return {};
  char* data = nullptr;
  const long size = BIO_get_mem_data(to.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string bytes_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string serial_of(const X509* certificate) {
  const owned<BIGNUM, BN_free> number(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  const owned<char, free_hex> text(number ? BN_bn2hex(number.get()) : nullptr);
  return text ? text.get() : "";
}

}  // namespace

std::string subject_of(const X509* certificate) {
  return name_text(X509_get_subject_name(certificate));
}

std::string issuer_of(const X509* certificate) {
  return name_text(X509_get_issuer_name(certificate));
}

std::string time_text(const ASN1_TIME* time) {
  std::tm broken_down{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &broken_down) != 1) return {};
  std::array<char, 40> text{};
  const std::size_t size =
      std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &broken_down);
  return {text.data(), size};
}

certificate_names names_of(const X509* certificate) {
  certificate_names names;
  const owned<GENERAL_NAMES, GENERAL_NAMES_free> entries(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; entries && i < sk_GENERAL_NAME_num(entries.get()); ++i) {
    const GENERAL_NAME* const entry = sk_GENERAL_NAME_value(entries.get(), i);
    if (entry->type == GEN_DNS) names.dns.push_back(bytes_of(entry->d.dNSName));
    if (entry->type == GEN_IPADD) names.addresses.push_back(bytes_of(entry->d.iPAddress));
  }
  const X509_NAME* const subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at >= 0)
    names.common_name = bytes_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  return names;
}

void describe_certificate(const X509* certificate, tls_facts& to) {
  to.subject = subject_of(certificate);
  to.issuer = issuer_of(certificate);
  to.serial = serial_of(certificate);
  to.not_before = time_text(X509_get0_notBefore(certificate));
  to.not_after = time_text(X509_get0_notAfter(certificate));
  const int size = i2d_X509(certificate, nullptr);
  if (size <= 0) return;
  to.certificate.resize(static_cast<std::size_t>(size));
  auto* at = reinterpret_cast<unsigned char*>(to.certificate.data());
  i2d_X509(certificate, &at);
}

channel_binding bind_to(const X509* certificate) {
  int hash = NID_undef;
  // X509_get_signature_info reads the hash of RSA-PSS out of its parameters.
  if (X509_get_signature_info(const_cast<X509*>(certificate), &hash, nullptr, nullptr, nullptr) ==
          0 ||
      hash == NID_undef) {
    const int algorithm = X509_get_signature_nid(certificate);
    const char* const name = OBJ_nid2sn(algorithm);
    return {{},
            std::string("the server's certificate is signed with ") +
                (name != nullptr ? name : "an unknown algorithm") +
                ", which names no hash to bind a channel by (RFC 5929); the server needs another "
                "certificate, such as one signed with RSA or ECDSA"};
  }
  const EVP_MD* const digest =
      hash == NID_md5 || hash == NID_sha1 ? EVP_sha256() : EVP_get_digestbynid(hash);
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  if (digest == nullptr || X509_digest(certificate, digest, bytes.data(), &size) != 1) {
    const char* const name = OBJ_nid2sn(hash);
    return {{},
            std::string("OpenSSL cannot compute ") + (name != nullptr ? name : "the hash") +
                " of the server's certificate, which binds the channel"};
  }
  return {std::string(reinterpret_cast<const char*>(bytes.data()), size), {}};
}

}  // namespace tusk::net
