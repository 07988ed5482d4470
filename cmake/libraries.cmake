# Libraries, all from Debian. A room names the ones it uses in rooms.cmake.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS Crypto SSL)
find_package(SQLite3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(tl-expected REQUIRED)
find_package(date REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(simdjson REQUIRED)
find_package(pugixml REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost 1.81 REQUIRED CONFIG COMPONENTS json url)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(exif REQUIRED IMPORTED_TARGET libexif)
pkg_check_modules(pictures REQUIRED IMPORTED_TARGET libturbojpeg libpng libwebp libwebpmux)
pkg_check_modules(zip REQUIRED IMPORTED_TARGET libzip)
# libcsv says nothing of itself to pkg-config.
find_path(CSV_INCLUDE_DIR csv.h REQUIRED)
find_library(CSV_LIBRARY csv REQUIRED)
add_library(shoumen_csv INTERFACE)
target_include_directories(shoumen_csv SYSTEM INTERFACE ${CSV_INCLUDE_DIR})
target_link_libraries(shoumen_csv INTERFACE ${CSV_LIBRARY})
pkg_check_modules(postgresql REQUIRED IMPORTED_TARGET libpq)
# PKCS#11 is a header; the module itself is loaded while running.
pkg_check_modules(pkcs11 REQUIRED p11-kit-1)
add_library(shoumen_pkcs11 INTERFACE)
target_include_directories(shoumen_pkcs11 SYSTEM INTERFACE ${pkcs11_INCLUDE_DIRS})
target_link_libraries(shoumen_pkcs11 INTERFACE ${CMAKE_DL_LIBS})
pkg_check_modules(mosquitto REQUIRED IMPORTED_TARGET libmosquitto)
pkg_check_modules(cjose REQUIRED IMPORTED_TARGET cjose)
# Of osip2 the parser alone: libosip2.pc names the state machines too.
find_path(OSIP_INCLUDE_DIR osipparser2/osip_message.h REQUIRED)
find_library(OSIP_PARSER_LIBRARY osipparser2 REQUIRED)
add_library(shoumen_osip_parser INTERFACE)
target_include_directories(shoumen_osip_parser SYSTEM INTERFACE ${OSIP_INCLUDE_DIR})
target_link_libraries(shoumen_osip_parser INTERFACE ${OSIP_PARSER_LIBRARY})

# Needed by the tests alone: the program builds without them.
find_package(doctest QUIET)
find_package(rapidcheck QUIET)
option(SHOUMEN_TESTS "Build the tests (needs doctest and rapidcheck)" ON)
if(SHOUMEN_TESTS AND NOT (doctest_FOUND AND rapidcheck_FOUND))
  message(STATUS "tests: doctest or rapidcheck is missing, left out (./dev setup test)")
  set(SHOUMEN_TESTS_BUILT OFF)
else()
  set(SHOUMEN_TESTS_BUILT ${SHOUMEN_TESTS})
endif()

# Asio and Beast are compiled once, here. A room that uses them links shoumen_asio.
add_library(shoumen_asio STATIC "${CMAKE_SOURCE_DIR}/cmake/asio.cpp")
target_compile_definitions(shoumen_asio PUBLIC
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  # Frames of coroutines kept for the next: as many as lie in each other here, not two.
  BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=6)
target_link_libraries(shoumen_asio PUBLIC Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
