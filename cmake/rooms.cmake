# The rooms, in order, and for each one the rooms it may include (DEPENDS) and the libraries it may use (LIBS).
# The build and the test of the include graph (tests/house) both read this file: a new arrow is drawn here.
#
# CORE: one deterministic step from (state, input) to (state, effects). No clock, thread, random source, SQL,
# JSON, file or log in it.

shoumen_room(NAME base CORE LIBS OpenSSL::Crypto PkgConfig::xxhash fmt::fmt tl::expected date::date)
shoumen_room(NAME model CORE DEPENDS base)

# The four parts of the step do not know each other: they exchange values of the model.
shoumen_room(NAME sense CORE DEPENDS model base)
shoumen_room(NAME analyse CORE DEPENDS model base)
shoumen_room(NAME decide CORE DEPENDS model base)
shoumen_room(NAME act CORE DEPENDS model base)
shoumen_room(NAME loop CORE DEPENDS sense analyse decide act model base)

# What a sensor measures, before there is a signal: falls from a wrist's acceleration, from a thermal array.
shoumen_room(NAME detect CORE DEPENDS base LIBS fmt::fmt EMBED src/detect/models detect_models)

# Beside the step. upkeep is as pure as it: it is told what time it is.
shoumen_room(NAME upkeep CORE DEPENDS model base)
shoumen_room(NAME protect DEPENDS model base LIBS PkgConfig::sodium PkgConfig::exif PkgConfig::pictures OpenSSL::Crypto fmt::fmt
    shoumen_pkcs11)
shoumen_room(NAME route DEPENDS model base)
shoumen_room(NAME records DEPENDS model base)
# main.cpp is shoumen-verify, which links this room and base alone.
shoumen_room(NAME prove EXCEPT main.cpp DEPENDS base LIBS OpenSSL::Crypto fmt::fmt)
# Tables that people hand in, archives they take away.
shoumen_room(NAME papers DEPENDS base LIBS shoumen_csv PkgConfig::zip fmt::fmt)
shoumen_room(NAME policy DEPENDS model base LIBS yaml-cpp date::date-tz)

# The seams, and what stands behind and in front of them.
shoumen_room(NAME ports DEPENDS model base)
shoumen_room(NAME shell DEPENDS loop sense analyse decide act records upkeep ports prove protect papers model base
    LIBS spdlog::spdlog Threads::Threads)
shoumen_room(NAME store/files DEPENDS ports model base)
shoumen_room(NAME store/sql DEPENDS ports model base LIBS fmt::fmt EMBED src/store/migrations migrations)
shoumen_room(NAME store/sqlite DEPENDS store/sql store/files ports model base LIBS SQLite::SQLite3 Threads::Threads)
shoumen_room(NAME store/postgresql DEPENDS store/sql store/files ports model base LIBS PkgConfig::postgresql)
shoumen_room(NAME doors/listen DEPENDS base LIBS shoumen_asio fmt::fmt)
shoumen_room(NAME doors/payload DEPENDS model base LIBS simdjson::simdjson pugixml::pugixml
    Boost::json)
shoumen_room(NAME doors/http DEPENDS doors/listen doors/payload papers ports sense model base
    LIBS shoumen_asio Boost::json Boost::url simdjson::simdjson spdlog::spdlog)
shoumen_room(NAME doors/mqtt DEPENDS doors/listen doors/payload ports model base LIBS shoumen_asio)
shoumen_room(NAME doors/sip DEPENDS doors/listen doors/payload papers ports model base
    LIBS shoumen_asio shoumen_osip_parser pugixml::pugixml OpenSSL::Crypto fmt::fmt)
shoumen_room(NAME doors/panel DEPENDS doors/listen papers ports model base LIBS shoumen_asio fmt::fmt)
shoumen_room(NAME doors/tls DEPENDS doors/listen base LIBS shoumen_asio OpenSSL::SSL fmt::fmt)
shoumen_room(NAME senders DEPENDS ports model base LIBS shoumen_asio Boost::json spdlog::spdlog)

# The world to test in, and the program that knows every room.
shoumen_room(NAME twin DIR twin EMBED twin/town town
    DEPENDS shell loop sense analyse decide act records protect route prove policy ports model base)
shoumen_room(NAME app EXCEPT main.cpp
    DEPENDS twin shell loop sense analyse decide act detect records protect papers route prove policy ports
        store/postgresql store/sqlite store/files doors/http doors/mqtt doors/panel doors/sip doors/tls doors/payload senders model base
    LIBS CLI11::CLI11 spdlog::spdlog date::date-tz Boost::json simdjson::simdjson shoumen_asio
        PkgConfig::mosquitto PkgConfig::cjose PkgConfig::sodium)
