#include "protect/certificates.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include <fcntl.h>
#include <fmt/core.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace shoumen::protect {
namespace {

template <class T, void (*Free)(T*)>
struct Freed {
    void operator()(T* p) const { Free(p); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, EVP_PKEY_free>>;
using Cert = std::unique_ptr<X509, Freed<X509, X509_free>>;
using Request = std::unique_ptr<X509_REQ, Freed<X509_REQ, X509_REQ_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO, BIO_vfree>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION, X509_EXTENSION_free>>;

constexpr std::int64_t day_s = 86'400;
constexpr std::int64_t authority_days = 3'652;
constexpr std::int64_t node_days = 90;
constexpr std::int64_t renewed_when_left = 30;
constexpr std::int64_t device_days = 365;
constexpr std::int64_t slack_s = 300;  // a device's clock may be behind
constexpr std::size_t longest_request = 16'384;
constexpr std::size_t longest_file = 65'536;

tl::unexpected<base::Error> unavailable() {
    ERR_clear_error();
    return base::fail("crypto-unavailable", "OpenSSL could not make a key or a certificate");
}

base::Result<std::string> read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    if (!in.good() && text.empty())
        return base::fail("keys-unreadable", "the file is not there, or cannot be read by this user", path);
    if (text.size() > longest_file) return base::fail("keys-unreadable", "the file is no PEM file", path);
    return text;
}

// Whole or not at all, after a power cut too.
base::Result<void> write_file(const std::string& path, std::string_view text, mode_t mode) {
    const auto failed = [&] {
        return base::fail("keys-unwritable", "the file cannot be written: make room, or give this user the directory",
                          path);
    };
    const std::string draft = path + ".new";
    ::unlink(draft.c_str());
    const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0) return failed();
    const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
    const bool closed = ::close(fd) == 0;
    if (!written || !closed || std::rename(draft.c_str(), path.c_str()) != 0) return failed();
    const int dir = ::open(std::filesystem::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0) return failed();
    const bool synced = ::fsync(dir) == 0;
    ::close(dir);
    return synced ? base::Result<void>{} : failed();
}

std::string text_of(BIO* bio) {
    const char* data = nullptr;
    const auto n = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(n)};
}

std::string pem_of(X509* cert) {
    const Bio out(BIO_new(BIO_s_mem()));
    return out && PEM_write_bio_X509(out.get(), cert) == 1 ? text_of(out.get()) : std::string();
}

std::string pem_of(EVP_PKEY* key) {
    const Bio out(BIO_new(BIO_s_mem()));
    const bool written = out && PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    return written ? text_of(out.get()) : std::string();
}

Bio memory(std::string_view text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

// No file asks for a pass phrase on a terminal.
int no_pass_phrase(char*, int, int, void*) { return 0; }

Cert cert_of(std::string_view pem) {
    const Bio in = memory(pem);
    Cert cert(in ? PEM_read_bio_X509(in.get(), nullptr, no_pass_phrase, nullptr) : nullptr);
    ERR_clear_error();
    return cert;
}

Key key_of(std::string_view pem) {
    const Bio in = memory(pem);
    Key key(in ? PEM_read_bio_PrivateKey(in.get(), nullptr, no_pass_phrase, nullptr) : nullptr);
    ERR_clear_error();
    return key;
}

bool set_time(ASN1_TIME* at, std::int64_t seconds) {
    return ASN1_TIME_set(at, static_cast<time_t>(seconds)) != nullptr;
}

std::int64_t seconds_of(base::Time t) { return t.us / 1'000'000; }

bool add_extension(X509* cert, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    return extension && X509_add_ext(cert, extension.get(), -1) == 1;
}

// What all have: a random number, when it is good, whose it is.
bool begin(X509* cert, EVP_PKEY* key, std::string_view name, base::Time now, std::int64_t days) {
    std::array<unsigned char, 16> number{};
    if (RAND_bytes(number.data(), number.size()) != 1) return false;
    number[0] &= 0x7FU;
    number[0] |= 0x40U;
    const std::unique_ptr<BIGNUM, Freed<BIGNUM, BN_free>> serial(BN_bin2bn(number.data(), number.size(), nullptr));
    X509_NAME* subject = X509_get_subject_name(cert);
    return serial && BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(cert)) != nullptr &&
           X509_set_version(cert, X509_VERSION_3) == 1 &&
           set_time(X509_getm_notBefore(cert), seconds_of(now) - slack_s) &&
           set_time(X509_getm_notAfter(cert), seconds_of(now) + days * day_s) &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.data()),
                                      static_cast<int>(name.size()), -1, 0) == 1 &&
           X509_set_pubkey(cert, key) == 1;
}

bool finish(X509* cert, X509* issuer, EVP_PKEY* key) {
    return X509_set_issuer_name(cert, X509_get_subject_name(issuer)) == 1 && X509_sign(cert, key, EVP_sha256()) > 0;
}

bool is_address(const std::string& name) {
    const std::unique_ptr<ASN1_OCTET_STRING, Freed<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>> ip(
        a2i_IPADDRESS(name.c_str()));
    ERR_clear_error();
    return ip != nullptr;
}

// Letters, digits, hyphens, dots: nothing that the extension's own syntax could read as more.
bool is_host_name(const std::string& name) {
    return !name.empty() && name.size() <= 253 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
               c == '_' || c == '*';
    });
}

bool is_sound_key(EVP_PKEY* key) {
    switch (EVP_PKEY_get_base_id(key)) {
        case EVP_PKEY_RSA:
            return EVP_PKEY_get_bits(key) >= 2'048 && EVP_PKEY_get_bits(key) <= 4'096;
        case EVP_PKEY_EC: {
            std::array<char, 64> group{};
            std::size_t n = 0;
            if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &n) != 1) return false;
            const std::string_view name(group.data(), n);
            return name == "prime256v1" || name == "secp384r1";
        }
        case EVP_PKEY_ED25519:
            return true;
        default:
            return false;
    }
}

std::optional<std::int64_t> end_of(X509* cert) {
    tm at{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(cert), &at) != 1) return std::nullopt;
    return static_cast<std::int64_t>(timegm(&at));
}

}  // namespace

struct CertificateAuthority::Impl {
    std::string directory;
    Key key;
    Cert cert;
    std::string pem;

    [[nodiscard]] std::string path(const char* name) const { return directory + "/" + name; }
};

CertificateAuthority::CertificateAuthority(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CertificateAuthority::~CertificateAuthority() = default;
CertificateAuthority::CertificateAuthority(CertificateAuthority&&) noexcept = default;
CertificateAuthority& CertificateAuthority::operator=(CertificateAuthority&&) noexcept = default;

std::string CertificateAuthority::authority_file() const { return impl_->path("authority.crt"); }
std::string CertificateAuthority::node_certificate_file() const { return impl_->path("node.crt"); }
std::string CertificateAuthority::node_key_file() const { return impl_->path("node.key"); }
const std::string& CertificateAuthority::authority_pem() const { return impl_->pem; }

base::Result<CertificateAuthority> CertificateAuthority::open(const std::string& directory, std::string_view community,
                                                              base::Time now) {
    std::error_code ec;
    std::filesystem::create_directories(directory, ec);
    if (ec || ::chmod(directory.c_str(), 0700) != 0)
        return base::fail("keys-unwritable", "the directory cannot be made or is another user's", directory);
    auto impl = std::make_unique<Impl>();
    impl->directory = directory;
    const std::string cert_path = impl->path("authority.crt");
    const std::string key_path = impl->path("authority.key");
    if (std::filesystem::exists(cert_path, ec) && std::filesystem::exists(key_path, ec)) {
        auto cert = read_file(cert_path);
        if (!cert) return tl::unexpected(cert.error());
        auto key = read_file(key_path);
        if (!key) return tl::unexpected(key.error());
        impl->cert = cert_of(*cert);
        impl->key = key_of(*key);
        if (!impl->cert || !impl->key || X509_check_private_key(impl->cert.get(), impl->key.get()) != 1) {
            ERR_clear_error();
            return base::fail("keys-unreadable",
                              "authority.crt and authority.key do not belong together; put them back from a backup, or "
                              "take both away: devices must then get new certificates",
                              directory);
        }
        impl->pem = std::move(*cert);
        return CertificateAuthority(std::move(impl));
    }
    impl->key.reset(EVP_EC_gen("P-256"));
    impl->cert.reset(X509_new());
    X509* cert = impl->cert.get();
    const std::string name = fmt::format("Shoumen {}", community.substr(0, 48));
    const bool made = impl->key && cert && begin(cert, impl->key.get(), name, now, authority_days) &&
                      add_extension(cert, cert, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
                      add_extension(cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign") &&
                      add_extension(cert, cert, NID_subject_key_identifier, "hash") &&
                      finish(cert, cert, impl->key.get());
    if (!made) return unavailable();
    impl->pem = pem_of(cert);
    // The key first: a certificate without its key would be taken for a lost one.
    if (auto done = write_file(key_path, pem_of(impl->key.get()), 0600); !done) return tl::unexpected(done.error());
    if (auto done = write_file(cert_path, impl->pem, 0644); !done) return tl::unexpected(done.error());
    return CertificateAuthority(std::move(impl));
}

base::Result<bool> CertificateAuthority::renew_node(const std::vector<std::string>& names, base::Time now) {
    std::string alternatives;
    for (const auto& name : names) {
        const bool address = is_address(name);
        if (!address && !is_host_name(name))
            return base::fail("bad-name", fmt::format("\"{}\" is no host name and no IP address", name), "--tls-name");
        alternatives += fmt::format("{}{}:{}", alternatives.empty() ? "" : ",", address ? "IP" : "DNS", name);
    }
    const std::string mark_path = impl_->path("node.names");
    std::error_code ec;
    if (std::filesystem::exists(node_certificate_file(), ec) && std::filesystem::exists(node_key_file(), ec)) {
        const auto left = days_left(node_certificate_file(), now);
        const auto kept = read_file(mark_path);
        const auto old = read_file(node_certificate_file());
        const Cert cert = old ? cert_of(*old) : Cert();
        const auto old_key = read_file(node_key_file());
        const Key own = old_key ? key_of(*old_key) : Key();
        // Also after a power cut between the two files.
        const bool ours = cert && own && X509_check_private_key(cert.get(), own.get()) == 1 &&
                          X509_verify(cert.get(), impl_->key.get()) == 1;
        ERR_clear_error();
        if (ours && left && *left >= renewed_when_left && *left <= node_days && kept && *kept == alternatives)
            return false;
    }
    const Key key(EVP_EC_gen("P-256"));
    const Cert made(X509_new());
    X509* cert = made.get();
    const std::string name = names.empty() ? "shoumen" : names.front().substr(0, 64);
    bool good = key && cert && begin(cert, key.get(), name, now, node_days) &&
                add_extension(cert, impl_->cert.get(), NID_basic_constraints, "critical,CA:FALSE") &&
                add_extension(cert, impl_->cert.get(), NID_key_usage, "critical,digitalSignature") &&
                add_extension(cert, impl_->cert.get(), NID_ext_key_usage, "serverAuth,clientAuth") &&
                add_extension(cert, impl_->cert.get(), NID_authority_key_identifier, "keyid");
    if (good && !alternatives.empty())
        good = add_extension(cert, impl_->cert.get(), NID_subject_alt_name, alternatives);
    if (!good || !finish(cert, impl_->cert.get(), impl_->key.get())) return unavailable();
    if (auto done = write_file(node_key_file(), pem_of(key.get()), 0600); !done) return tl::unexpected(done.error());
    if (auto done = write_file(node_certificate_file(), pem_of(cert) + impl_->pem, 0644); !done)
        return tl::unexpected(done.error());
    if (auto done = write_file(mark_path, alternatives, 0644); !done) return tl::unexpected(done.error());
    return true;
}

base::Result<DeviceCertificate> CertificateAuthority::sign_device(std::string_view request_pem, std::string_view device,
                                                                  base::Time now) {
    const auto bad = [](std::string why) {
        ERR_clear_error();
        return base::fail("bad-certificate-request", std::move(why), "request");
    };
    if (request_pem.size() > longest_request) return bad("a request has at most 16 KB");
    const Bio in = memory(request_pem);
    const Request request(in ? PEM_read_bio_X509_REQ(in.get(), nullptr, no_pass_phrase, nullptr) : nullptr);
    if (!request) return bad("this is no certificate request in PEM form (-----BEGIN CERTIFICATE REQUEST-----)");
    EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
    if (key == nullptr || !is_sound_key(key))
        return bad("the key must be EC P-256 or P-384, Ed25519, or RSA of 2,048 to 4,096 bits");
    if (X509_REQ_verify(request.get(), key) != 1) return bad("the request is not signed with its own key");
    const Cert made(X509_new());
    X509* cert = made.get();
    X509* issuer = impl_->cert.get();
    const bool good = cert && begin(cert, key, device, now, device_days) &&
                      add_extension(cert, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
                      add_extension(cert, issuer, NID_key_usage, "critical,digitalSignature") &&
                      add_extension(cert, issuer, NID_ext_key_usage, "clientAuth") &&
                      add_extension(cert, issuer, NID_authority_key_identifier, "keyid") &&
                      finish(cert, issuer, impl_->key.get());
    if (!good) return unavailable();
    DeviceCertificate out;
    out.pem = pem_of(cert);
    unsigned n = 0;
    if (X509_digest(cert, EVP_sha256(), out.fingerprint.data(), &n) != 1 || n != out.fingerprint.size())
        return unavailable();
    out.until = {(seconds_of(now) + device_days * day_s) * 1'000'000};
    return out;
}

base::Result<std::int64_t> days_left(const std::string& certificate_file, base::Time now) {
    const auto text = read_file(certificate_file);
    if (!text) return tl::unexpected(text.error());
    const Cert cert = cert_of(*text);
    const auto end = cert ? end_of(cert.get()) : std::nullopt;
    if (!end) return base::fail("keys-unreadable", "the file holds no certificate in PEM form", certificate_file);
    return (*end - seconds_of(now)) / day_s;
}

}  // namespace shoumen::protect
