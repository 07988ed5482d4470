// Canonical bytes: one value, one encoding, the same on every machine. What is hashed, chained, stored in a batch or
// kept in a snapshot is written with these.
//
// Numbers: unsigned LEB128 (varint), zigzag for signed, IEEE-754 little-endian for doubles (NaN is refused by the
// writer's callers before it comes here). Text and blobs: varint length, then the bytes. A reader never throws and
// never reads past its end: after the first fault ok() is false and every later value is zero or empty; lengths are
// checked against what is left.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace shoumen::base {

class ByteWriter {
public:
    void u8(std::uint8_t v) { out_.push_back(static_cast<char>(v)); }
    void boolean(bool v) { u8(v ? 1 : 0); }
    void varint(std::uint64_t v) {
        char buffer[10];
        std::size_t n = 0;
        while (v >= 0x80) {
            buffer[n++] = static_cast<char>(static_cast<std::uint8_t>(v) | 0x80U);
            v >>= 7U;
        }
        buffer[n++] = static_cast<char>(v);
        out_.append(buffer, n);
    }
    void zigzag(std::int64_t v) { varint((static_cast<std::uint64_t>(v) << 1U) ^ static_cast<std::uint64_t>(v >> 63)); }
    void u64(std::uint64_t v) {
        char buffer[8];
        for (int i = 0; i < 8; ++i) buffer[i] = static_cast<char>(static_cast<std::uint8_t>(v >> (8 * i)));
        out_.append(buffer, 8);
    }
    void real(double v) { u64(std::bit_cast<std::uint64_t>(v)); }
    void text(std::string_view v) {
        varint(v.size());
        out_.append(v);
    }
    void raw(std::string_view v) { out_.append(v); }

    [[nodiscard]] std::size_t size() const { return out_.size(); }
    [[nodiscard]] std::string_view view() const { return out_; }
    [[nodiscard]] std::string take() { return std::move(out_); }
    void clear() { out_.clear(); }
    void reserve(std::size_t n) { out_.reserve(n); }

private:
    std::string out_;
};

class ByteReader {
public:
    explicit ByteReader(std::string_view in) : in_(in) {}

    std::uint8_t u8() {
        if (pos_ >= in_.size()) return bad();
        return static_cast<std::uint8_t>(in_[pos_++]);
    }
    bool boolean() { return u8() != 0; }
    std::uint64_t varint() {
        std::uint64_t v = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (pos_ >= in_.size()) return bad();
            const auto b = static_cast<std::uint8_t>(in_[pos_++]);
            v |= static_cast<std::uint64_t>(b & 0x7fU) << shift;
            if (b < 0x80) return v;
        }
        return bad();
    }
    std::int64_t zigzag() {
        const std::uint64_t v = varint();
        return static_cast<std::int64_t>((v >> 1U) ^ (~(v & 1U) + 1U));
    }
    std::uint64_t u64() {
        if (in_.size() - pos_ < 8) return bad();
        std::uint64_t v = 0;
        for (unsigned i = 0; i < 8; ++i)
            v |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(in_[pos_ + i])) << (8 * i);
        pos_ += 8;
        return v;
    }
    double real() { return std::bit_cast<double>(u64()); }
    std::string_view text() {
        const std::uint64_t n = varint();
        if (!ok_ || n > in_.size() - pos_) return bad(), std::string_view{};
        const auto v = in_.substr(pos_, static_cast<std::size_t>(n));
        pos_ += static_cast<std::size_t>(n);
        return v;
    }
    // A count of things that each take at least one byte: never more than what is left.
    std::size_t count() {
        const std::uint64_t n = varint();
        if (n > in_.size() - pos_) return bad();
        return static_cast<std::size_t>(n);
    }
    // The next n bytes as they are.
    std::string_view raw(std::size_t n) {
        if (n > in_.size() - pos_) return bad(), std::string_view{};
        const auto v = in_.substr(pos_, n);
        pos_ += n;
        return v;
    }

    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool at_end() const { return pos_ == in_.size(); }
    [[nodiscard]] std::size_t position() const { return pos_; }

private:
    std::uint8_t bad() {
        ok_ = false;
        pos_ = in_.size();
        return 0;
    }
    std::string_view in_;
    std::size_t pos_ = 0;
    bool ok_ = true;
};

}  // namespace shoumen::base
