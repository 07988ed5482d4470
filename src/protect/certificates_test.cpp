#include "protect/certificates.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace shoumen;
using protect::CertificateAuthority;

namespace {

struct Folder {
    std::string path = std::filesystem::temp_directory_path() / ("certificates-" + std::to_string(::getpid()));
    Folder() { std::filesystem::remove_all(path); }
    ~Folder() { std::filesystem::remove_all(path); }
};

constexpr base::Time now{1'772'500'000'000'000};
constexpr base::Duration day = base::hours(24);

std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

mode_t mode_of(const std::string& path) {
    struct stat s{};
    return ::stat(path.c_str(), &s) == 0 ? s.st_mode & 0777U : 0;
}

std::string request_of(EVP_PKEY* key, EVP_PKEY* signer) {
    X509_REQ* request = X509_REQ_new();
    X509_NAME_add_entry_by_txt(X509_REQ_get_subject_name(request), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("somebody else"), -1, -1, 0);
    X509_REQ_set_pubkey(request, key);
    X509_REQ_sign(request, signer, EVP_PKEY_get_base_id(signer) == EVP_PKEY_ED25519 ? nullptr : EVP_sha256());
    BIO* out = BIO_new(BIO_s_mem());
    PEM_write_bio_X509_REQ(out, request);
    char* data = nullptr;
    const auto n = BIO_get_mem_data(out, &data);
    std::string pem(data, static_cast<std::size_t>(n));
    BIO_free(out);
    X509_REQ_free(request);
    return pem;
}

struct Key {
    EVP_PKEY* p = nullptr;
    explicit Key(EVP_PKEY* made) : p(made) {}
    ~Key() { EVP_PKEY_free(p); }
    Key(const Key&) = delete;
    Key& operator=(const Key&) = delete;
};

X509* cert_of(const std::string& pem) {
    BIO* in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    X509* cert = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
    BIO_free(in);
    return cert;
}

std::string name_in(X509* cert) {
    char text[128] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(cert), NID_commonName, text, sizeof text);
    return text;
}

}  // namespace

TEST_CASE("an authority is made once, its key for the program alone; it is the same the next time") {
    const Folder folder;
    auto first = CertificateAuthority::open(folder.path, "guanghua", now);
    REQUIRE(first);
    CHECK(mode_of(folder.path) == 0700);
    CHECK(mode_of(folder.path + "/authority.key") == 0600);
    CHECK(mode_of(first->authority_file()) == 0644);
    const auto again = CertificateAuthority::open(folder.path, "guanghua", now + day);
    REQUIRE(again);
    CHECK(again->authority_pem() == first->authority_pem());
    CHECK(protect::days_left(first->authority_file(), now).value() == 3'652);
    // Of another authority: said, and nothing is made anew.
    std::ofstream(folder.path + "/authority.key") << "not a key";
    const auto broken = CertificateAuthority::open(folder.path, "guanghua", now);
    REQUIRE_FALSE(broken);
    CHECK(broken.error().code == "keys-unreadable");
    CHECK(read(folder.path + "/authority.key") == "not a key");
}

TEST_CASE("the node's certificate: renewed when little is left, when a name changes, when its key is not there") {
    const Folder folder;
    auto authority = CertificateAuthority::open(folder.path, "guanghua", now);
    REQUIRE(authority);
    CHECK(authority->renew_node({"shoumen.example", "192.0.2.7", "::1"}, now).value());
    CHECK(mode_of(authority->node_key_file()) == 0600);
    const std::string made = read(authority->node_certificate_file());
    CHECK(made.ends_with(authority->authority_pem()));
    CHECK_FALSE(authority->renew_node({"shoumen.example", "192.0.2.7", "::1"}, now + day * 59).value());
    CHECK(read(authority->node_certificate_file()) == made);
    CHECK(authority->renew_node({"shoumen.example", "192.0.2.7", "::1"}, now + day * 61).value());
    CHECK(authority->renew_node({"shoumen.example"}, now + day * 61).value());
    CHECK_FALSE(authority->renew_node({"shoumen.example"}, now + day * 61).value());
    // The clock was wrong when it was made: a certificate from the future is no use.
    CHECK(authority->renew_node({"shoumen.example"}, now).value());
    std::filesystem::remove(authority->node_key_file());
    CHECK(authority->renew_node({"shoumen.example"}, now).value());
    std::filesystem::copy_file(folder.path + "/authority.key", authority->node_key_file(),
                               std::filesystem::copy_options::overwrite_existing);
    CHECK(authority->renew_node({"shoumen.example"}, now).value());  // a power cut between the two files
    for (const char* bad : {"", "a b", "a,DNS:b", "a\nb", "critical,DNS:x"}) {
        const auto refused = authority->renew_node({bad}, now);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == "bad-name");
    }
}

TEST_CASE("a device's request: signed for what it is, whatever name it claims") {
    const Folder folder;
    auto authority = CertificateAuthority::open(folder.path, "guanghua", now);
    REQUIRE(authority);
    const Key key(EVP_EC_gen("P-256"));
    const auto made = authority->sign_device(request_of(key.p, key.p), "smoke-gh-4-102", now);
    REQUIRE(made);
    CHECK(made->until == now + day * 365);
    X509* cert = cert_of(made->pem);
    REQUIRE(cert != nullptr);
    CHECK(name_in(cert) == "smoke-gh-4-102");
    CHECK(X509_check_purpose(cert, X509_PURPOSE_SSL_CLIENT, 0) == 1);
    CHECK(X509_check_purpose(cert, X509_PURPOSE_SSL_SERVER, 0) == 0);
    CHECK(X509_check_ca(cert) == 0);
    X509_free(cert);
    // Each its own fingerprint, though the key is the same.
    CHECK(authority->sign_device(request_of(key.p, key.p), "smoke-gh-4-102", now)->fingerprint != made->fingerprint);
    const Key ed(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    CHECK(authority->sign_device(request_of(ed.p, ed.p), "d-1", now));
}

TEST_CASE("bad requests get a reason") {
    const Folder folder;
    auto authority = CertificateAuthority::open(folder.path, "guanghua", now);
    REQUIRE(authority);
    const Key key(EVP_EC_gen("P-256"));
    const Key other(EVP_EC_gen("P-256"));
    const Key odd(EVP_EC_gen("secp256k1"));
    const Key small(EVP_RSA_gen(1'024));
    const std::string good = request_of(key.p, key.p);
    std::string changed = good;
    changed[changed.size() / 2] = changed[changed.size() / 2] == 'A' ? 'B' : 'A';
    for (const std::string& bad :
         {std::string(), std::string("hello"), std::string(20'000, 'A'), good.substr(0, good.size() / 2), changed,
          request_of(key.p, other.p), request_of(odd.p, odd.p), request_of(small.p, small.p),
          std::string("-----BEGIN CERTIFICATE REQUEST-----\n\n-----END CERTIFICATE REQUEST-----\n")}) {
        const auto refused = authority->sign_device(bad, "d-1", now);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == "bad-certificate-request");
        CHECK(refused.error().where == "request");
    }
}
