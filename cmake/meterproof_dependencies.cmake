# Everything here is a Debian 12 package; scripts/install-dependencies installs them in the one order that works.
find_package(Boost 1.81 QUIET COMPONENTS filesystem json)
if(NOT Boost_FOUND)
  message(FATAL_ERROR
    "Boost >= 1.81 was not found (Process v2 and boost::system::result need it).\n"
    "Debian's libboost-dev is 1.74 and conflicts with it: run scripts/install-dependencies, which installs\n"
    "libboost1.81-dev last and without recommended packages.")
endif()
find_package(OpenSSL 3 REQUIRED)
find_package(spdlog REQUIRED)
find_package(fmt REQUIRED)
find_package(GTest REQUIRED)
find_package(Threads REQUIRED)
find_package(pugixml REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(serialport REQUIRED IMPORTED_TARGET libserialport)
find_package(CLI11 REQUIRED)
find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED)

add_library(meterproof_boost INTERFACE)
target_link_libraries(meterproof_boost INTERFACE Boost::headers Boost::json Boost::filesystem Threads::Threads)
target_compile_definitions(meterproof_boost INTERFACE BOOST_PROCESS_V2_SEPARATE_COMPILATION)

set(METERPROOF_HARNESS_LIBRARIES meterproof_boost PkgConfig::serialport fmt::fmt spdlog::spdlog OpenSSL::Crypto)
set(METERPROOF_REPORTS_LIBRARIES pugixml::pugixml)
set(METERPROOF_DEVICES_LIBRARIES OpenSSL::Crypto)
set(METERPROOF_SUITES_LIBRARIES CLI11::CLI11)
