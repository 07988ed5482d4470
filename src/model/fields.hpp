// Canonical bytes of small shared pieces. Private to room model.
#pragma once
#include <type_traits>

#include "base/bytes.hpp"
#include "base/hash.hpp"
#include "base/time.hpp"
#include "model/ids.hpp"

namespace shoumen::model {

inline void put(base::ByteWriter& out, base::Time t) { out.zigzag(t.us); }
inline void put(base::ByteWriter& out, base::Duration d) { out.zigzag(d.us); }
inline void put(base::ByteWriter& out, const base::Digest& d) { out.raw(base::as_bytes(d)); }
inline void put(base::ByteWriter& out, const Person& p) { out.text(p.code); }
inline void put(base::ByteWriter& out, const Names& n) {
    out.text(n.zh);
    out.text(n.en);
}
inline void put(base::ByteWriter& out, const std::string& s) { out.text(s); }
inline void put(base::ByteWriter& out, bool b) { out.boolean(b); }
inline void put(base::ByteWriter& out, std::int32_t v) { out.zigzag(v); }
inline void put(base::ByteWriter& out, std::uint64_t v) { out.varint(v); }
inline void put(base::ByteWriter& out, std::uint32_t v) { out.varint(v); }
inline void put(base::ByteWriter& out, std::uint16_t v) { out.varint(v); }
inline void put(base::ByteWriter& out, std::uint8_t v) { out.u8(v); }
// none (all ones) is written as 0, so that it takes one byte.
template <class Tag>
void put(base::ByteWriter& out, base::IndexId<Tag> id) {
    out.varint(id.valid() ? std::uint64_t{id.value} + 1 : 0);
}
template <class Tag>
void put(base::ByteWriter& out, base::EventId<Tag> id) {
    out.varint(id.value);
}
template <class T>
    requires std::is_enum_v<T>
void put(base::ByteWriter& out, T v) {
    out.u8(static_cast<std::uint8_t>(v));
}
template <class T>
void put(base::ByteWriter& out, const std::vector<T>& list) {
    out.varint(list.size());
    for (const auto& x : list) put(out, x);
}

inline void get(base::ByteReader& in, base::Time& t) { t.us = in.zigzag(); }
inline void get(base::ByteReader& in, base::Duration& d) { d.us = in.zigzag(); }
inline void get(base::ByteReader& in, base::Digest& d) { d = base::digest_from_bytes(in.raw(32)); }
inline void get(base::ByteReader& in, std::string& s) { s = std::string(in.text()); }
inline void get(base::ByteReader& in, Person& p) { get(in, p.code); }
inline void get(base::ByteReader& in, Names& n) {
    get(in, n.zh);
    get(in, n.en);
}
inline void get(base::ByteReader& in, bool& b) { b = in.boolean(); }
inline void get(base::ByteReader& in, std::int32_t& v) { v = static_cast<std::int32_t>(in.zigzag()); }
inline void get(base::ByteReader& in, std::uint64_t& v) { v = in.varint(); }
inline void get(base::ByteReader& in, std::uint32_t& v) { v = static_cast<std::uint32_t>(in.varint()); }
inline void get(base::ByteReader& in, std::uint16_t& v) { v = static_cast<std::uint16_t>(in.varint()); }
inline void get(base::ByteReader& in, std::uint8_t& v) { v = in.u8(); }
template <class Tag>
void get(base::ByteReader& in, base::IndexId<Tag>& id) {
    const std::uint64_t v = in.varint();
    id = v == 0 ? base::IndexId<Tag>{} : base::IndexId<Tag>{static_cast<std::uint32_t>(v - 1)};
}
template <class Tag>
void get(base::ByteReader& in, base::EventId<Tag>& id) {
    id = base::EventId<Tag>{in.varint()};
}
template <class T>
    requires std::is_enum_v<T>
void get(base::ByteReader& in, T& v) {
    v = static_cast<T>(in.u8());
}
template <class T>
void get(base::ByteReader& in, std::vector<T>& list) {
    const std::size_t n = in.count();
    list.clear();
    for (std::size_t i = 0; i < n && in.ok(); ++i) get(in, list.emplace_back());
}

// Writer and reader behind one form, so that the order of fields is written down once.
struct Writing {
    base::ByteWriter& out;
    std::uint8_t form = 0;  // of what has several: which is written
    template <class... T>
    void operator()(const T&... v) {
        (put(out, v), ...);
    }
};
struct Reading {
    base::ByteReader& in;
    std::uint8_t form = 0;  // which was written
    template <class... T>
    void operator()(T&... v) {
        (get(in, v), ...);
    }
};

}  // namespace shoumen::model
