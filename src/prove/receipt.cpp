#include "prove/receipt.hpp"

#include <algorithm>
#include <charconv>

#include "base/bytes.hpp"

namespace shoumen::prove {
namespace {

using base::Result;

constexpr std::string_view first_line = "shoumen/receipt/1";
constexpr std::size_t largest_receipt = 160U << 10U;
constexpr std::size_t longest_field = 8U << 10U;

tl::unexpected<base::Error> bad(std::string what) {
    return base::fail("bad-receipt", "this is not a receipt, or it is cut off: " + std::move(what));
}

std::string base64(const Digest& d) { return to_base64(base::as_bytes(d)); }

// The lines of a receipt, each a word and its value, in their order.
class Lines {
public:
    explicit Lines(std::string_view rest) : rest_(rest) {}

    std::string_view value(std::string_view word) {
        const auto before = rest_;
        const auto line = take_line(rest_);
        if (line && line->starts_with(word) && line->size() > word.size() && (*line)[word.size()] == ' ')
            return line->substr(word.size() + 1);
        rest_ = before;
        if (fault_.empty()) fault_ = "the line \"" + std::string(word) + "\" is missing";
        return {};
    }
    bool next_is(std::string_view word) const {
        return rest_.starts_with(word) && rest_.size() > word.size() && rest_[word.size()] == ' ';
    }
    std::uint64_t number(std::string_view word) {
        const auto v = plain_number(value(word));
        if (!v) spoil(word);
        return v.value_or(0);
    }
    std::string text(std::string_view word) {
        const auto raw = value(word);
        auto v = raw.size() > longest_field ? std::nullopt : unescaped(raw);
        if (!v) spoil(word);
        return std::move(v).value_or("");
    }
    Digest digest(std::string_view word) {
        const auto v = from_base64(value(word));
        if (!v || v->size() != sizeof(Digest)) {
            spoil(word);
            return {};
        }
        return base::digest_from_bytes(*v);
    }
    void spoil(std::string_view word) {
        if (fault_.empty()) fault_ = "the line \"" + std::string(word) + "\" cannot be read";
    }
    [[nodiscard]] const std::string& fault() const { return fault_; }
    [[nodiscard]] std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
    std::string fault_;
};

Result<Receipt> parse_lines(std::string_view bytes) {
    Lines in(bytes);
    Receipt out;
    const auto shard = in.number("shard");
    out.act.shard = static_cast<std::uint32_t>(shard);
    if (out.act.shard != shard) in.spoil("shard");
    out.act.id = in.number("act");
    out.erased = in.next_is("erased");
    if (out.erased) {
        out.leaf = in.digest("erased");
    } else {
        const auto at = base::parse_rfc3339(in.value("at"));
        if (!at || base::format_utc(*at).empty()) in.spoil("at");
        if (at) out.act.at = *at;
        out.act.actor = in.text("actor");
        out.act.role = in.text("role");
        out.act.kind = in.text("kind");
        out.act.purpose = in.text("purpose");
        out.act.subject = in.text("subject");
        out.act.count = in.number("count");
        out.act.detail = in.text("detail");
        out.act.salt = in.digest("salt");
        if (out.act.erased()) in.spoil("salt");
    }
    out.index = in.number("index");
    while (in.fault().empty() && in.next_is("proof")) {
        if (out.proof.size() == longest_proof) return bad("its proof is too long");
        out.proof.push_back(in.digest("proof"));
    }
    if (!in.fault().empty()) return bad(in.fault());
    if (!in.rest().starts_with("\n")) return bad("there is no empty line before the checkpoint");
    auto note = parse_note(in.rest().substr(1));
    if (!note) return bad(note.error().message);
    if (const auto checkpoint = parse_checkpoint(note->text); !checkpoint) return bad(checkpoint.error().message);
    out.checkpoint = std::move(*note);
    return out;
}

// ---- the short form ----

constexpr std::string_view short_mark = "SHOUMEN1:";
constexpr std::string_view base45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
constexpr std::size_t largest_short = 8U << 10U;

std::string to_base45(std::string_view bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        const bool two = i + 1 < bytes.size();
        unsigned v = static_cast<unsigned char>(bytes[i]);
        if (two) v = (v << 8U) | static_cast<unsigned char>(bytes[i + 1]);
        for (int k = two ? 3 : 2; k > 0; --k, v /= 45) out.push_back(base45[v % 45]);
    }
    return out;
}

std::optional<std::string> from_base45(std::string_view text) {
    if (text.size() % 3 == 1) return std::nullopt;
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 3) {
        const std::size_t n = std::min<std::size_t>(3, text.size() - i);
        unsigned v = 0;
        for (std::size_t k = n; k-- > 0;) {
            const auto digit = base45.find(text[i + k]);
            if (digit == std::string_view::npos) return std::nullopt;
            v = v * 45 + static_cast<unsigned>(digit);
        }
        if (v > (n == 3 ? 0xffffU : 0xffU)) return std::nullopt;
        if (n == 3) out.push_back(static_cast<char>(v >> 8U));
        out.push_back(static_cast<char>(v & 0xffU));
    }
    return out;
}

void put(base::ByteWriter& out, const Act& act) {
    out.zigzag(act.at.us);
    out.text(act.actor);
    out.text(act.role);
    out.text(act.kind);
    out.text(act.purpose);
    out.text(act.subject);
    out.varint(act.count);
    out.text(act.detail);
    out.raw(base::as_bytes(act.salt));
}

std::string field(base::ByteReader& in) { return std::string(in.text()); }

Digest digest(base::ByteReader& in) { return base::digest_from_bytes(in.raw(sizeof(Digest))); }

void get(base::ByteReader& in, Act& act) {
    act.at = base::Time{in.zigzag()};
    act.actor = field(in);
    act.role = field(in);
    act.kind = field(in);
    act.purpose = field(in);
    act.subject = field(in);
    act.count = in.varint();
    act.detail = field(in);
    act.salt = digest(in);
}

Result<Receipt> parse_short(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    const auto bytes = text.size() > largest_short ? std::nullopt : from_base45(text);
    if (!bytes) return bad("the short form holds characters that are not of it, or is too long");
    base::ByteReader in(*bytes);
    Receipt out;
    Checkpoint checkpoint;
    const auto flags = in.u8();
    if (flags > 7) return bad("the short form is of another version");
    out.erased = (flags & 1U) != 0;
    checkpoint.suite = (flags & 2U) != 0 ? Suite::sm3 : Suite::sha256;
    out.act.shard = static_cast<std::uint32_t>(in.varint());
    out.act.id = in.varint();
    if (out.erased)
        out.leaf = digest(in);
    else
        get(in, out.act);
    out.index = in.varint();
    checkpoint.size = in.varint();
    const auto n = in.varint();
    if (n > longest_proof) return bad("its proof is too long");
    for (std::uint64_t i = 0; i < n && in.ok(); ++i) out.proof.push_back(digest(in));
    checkpoint.origin = field(in);
    if ((flags & 4U) != 0) {
        const auto seconds = in.varint();
        if (seconds > 253'402'300'799) return bad("its time cannot be read");
        checkpoint.time = base::Time{static_cast<std::int64_t>(seconds) * 1'000'000};
    }
    const auto signatures = in.varint();
    if (signatures == 0 || signatures > most_signatures) return bad("nobody has signed it");
    for (std::uint64_t i = 0; i < signatures && in.ok(); ++i) {
        NoteSignature s;
        s.name = field(in);
        for (int k = 0; k < 4; ++k) s.key_id = (s.key_id << 8U) | in.u8();
        s.bytes = field(in);
        if (s.name.empty()) s.name = checkpoint.origin;
        if (!is_key_name(s.name) || s.bytes.empty()) return bad("a signature cannot be read");
        out.checkpoint.signatures.push_back(std::move(s));
    }
    if (!in.ok() || !in.at_end()) return bad("the short form is cut off");
    if (!out.erased && out.act.erased()) return bad("it has no salt");
    const auto suite = checkpoint.suite;
    const auto root =
        root_by(suite, out.erased ? out.leaf : leaf_of(suite, out.act), out.index, checkpoint.size, out.proof);
    if (!root) return bad("its proof has not the length it must have");
    checkpoint.root = *root;
    out.checkpoint.text = prove::to_text(checkpoint);
    if (!parse_checkpoint(out.checkpoint.text)) return bad("its checkpoint cannot be read");
    return out;
}

}  // namespace

std::string escaped(std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const auto b = static_cast<unsigned char>(c);
        if (c == '\\') {
            out += "\\\\";
        } else if (c == '\n') {
            out += "\\n";
        } else if (b < 0x20 || b == 0x7f) {
            out += "\\x";
            out.push_back(hex[b >> 4U]);
            out.push_back(hex[b & 15U]);
        } else {
            out.push_back(c);
        }
    }
    return out;
}

std::optional<std::string> unescaped(std::string_view line) {
    std::string out;
    out.reserve(line.size());
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] != '\\') {
            out.push_back(line[i]);
            continue;
        }
        if (++i == line.size()) return std::nullopt;
        if (line[i] == '\\') {
            out.push_back('\\');
        } else if (line[i] == 'n') {
            out.push_back('\n');
        } else if (line[i] == 'x' && i + 2 < line.size()) {
            unsigned v = 0;
            const auto* const from = line.data() + i + 1;
            if (const auto [end, fault] = std::from_chars(from, from + 2, v, 16);
                fault != std::errc{} || end != from + 2)
                return std::nullopt;
            out.push_back(static_cast<char>(v));
            i += 2;
        } else {
            return std::nullopt;
        }
    }
    return out;
}

std::string to_text(const Receipt& r) {
    std::string out(first_line);
    const auto line = [&](std::string_view word, const std::string& value) {
        out += "\n" + std::string(word) + " " + value;
    };
    line("shard", std::to_string(r.act.shard));
    line("act", std::to_string(r.act.id));
    if (r.erased) {
        line("erased", base64(r.leaf));
    } else {
        line("at", base::format_utc(r.act.at));
        line("actor", escaped(r.act.actor));
        line("role", escaped(r.act.role));
        line("kind", escaped(r.act.kind));
        line("purpose", escaped(r.act.purpose));
        line("subject", escaped(r.act.subject));
        line("count", std::to_string(r.act.count));
        line("detail", escaped(r.act.detail));
        line("salt", base64(r.act.salt));
    }
    line("index", std::to_string(r.index));
    for (const auto& d : r.proof) line("proof", base64(d));
    return out + "\n\n" + to_text(r.checkpoint);
}

bool looks_like_receipt(std::string_view bytes) {
    return bytes.starts_with(short_mark) || bytes.starts_with("shoumen/receipt/");
}

Result<Receipt> parse_receipt(std::string_view bytes) {
    if (bytes.size() > largest_receipt) return bad("it is too large");
    if (bytes.starts_with(short_mark)) return parse_short(bytes.substr(short_mark.size()));
    const auto first = take_line(bytes);
    if (first != first_line) return bad("its first line is not " + std::string(first_line));
    return parse_lines(bytes);
}

std::optional<std::string> to_short(const Receipt& r) {
    const auto checkpoint = parse_checkpoint(r.checkpoint.text);
    if (!checkpoint || to_text(*checkpoint) != r.checkpoint.text) return std::nullopt;
    // Of the log one signature is enough: Ed25519's are the shortest.
    std::vector<NoteSignature> kept;
    const auto of_log = [&](const NoteSignature& s) { return s.name == checkpoint->origin; };
    constexpr std::size_t ed25519_size = 64;
    auto own = std::ranges::find_if(r.checkpoint.signatures,
                                    [&](const auto& s) { return of_log(s) && s.bytes.size() == ed25519_size; });
    if (own == r.checkpoint.signatures.end()) own = std::ranges::find_if(r.checkpoint.signatures, of_log);
    if (own != r.checkpoint.signatures.end()) kept.push_back(*own);
    std::ranges::copy_if(r.checkpoint.signatures, std::back_inserter(kept), [&](const auto& s) { return !of_log(s); });
    if (kept.empty()) return std::nullopt;

    base::ByteWriter out;
    out.u8(static_cast<std::uint8_t>((r.erased ? 1U : 0U) | (checkpoint->suite == Suite::sm3 ? 2U : 0U) |
                                     (checkpoint->time.is_set() ? 4U : 0U)));
    out.varint(r.act.shard);
    out.varint(r.act.id);
    if (r.erased)
        out.raw(base::as_bytes(r.leaf));
    else
        put(out, r.act);
    out.varint(r.index);
    out.varint(checkpoint->size);
    out.varint(r.proof.size());
    for (const auto& d : r.proof) out.raw(base::as_bytes(d));
    out.text(checkpoint->origin);
    if (checkpoint->time.is_set()) out.varint(static_cast<std::uint64_t>(checkpoint->time.us / 1'000'000));
    out.varint(kept.size());
    for (const auto& s : kept) {
        out.text(of_log(s) ? std::string_view() : std::string_view(s.name));
        for (unsigned shift = 32; shift > 0; shift -= 8) out.u8(static_cast<std::uint8_t>(s.key_id >> (shift - 8)));
        out.text(s.bytes);
    }
    return std::string(short_mark) + to_base45(out.view());
}

Result<Proven> verify(const Receipt& r, const std::vector<PublicKey>& keys) {
    auto opened = open_checkpoint(to_text(r.checkpoint), keys);
    if (!opened) return tl::unexpected(std::move(opened.error()));
    const Checkpoint& c = opened->checkpoint;
    const Digest leaf = r.erased ? r.leaf : leaf_of(c.suite, r.act);
    if (!is_included(c.suite, leaf, r.index, c.size, r.proof, c.root))
        return base::fail("not-included", "act " + std::to_string(r.act.id) + " is not leaf " +
                                              std::to_string(r.index) +
                                              " of this ledger: the receipt, or the act in it, was changed");
    return Proven{c, std::move(opened->by), std::move(opened->witnesses)};
}

}  // namespace shoumen::prove
