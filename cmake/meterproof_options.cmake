set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(METERPROOF_BENCHMARKS "build the benchmarks" OFF)
option(METERPROOF_FUZZ "build the fuzz targets (clang only)" OFF)
option(METERPROOF_PYTHON "build the Python module" ON)
set(METERPROOF_SANITIZE "" CACHE STRING "value for -fsanitize=, for example address,undefined or thread")

# Seconds after which a test program is ended: far beyond what one takes, for a test that hangs.
set(METERPROOF_TEST_TIMEOUT 300)
if(METERPROOF_SANITIZE)
  set(METERPROOF_TEST_TIMEOUT 900)
endif()

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(METERPROOF_CCACHE ccache)
if(METERPROOF_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${METERPROOF_CCACHE}")
endif()

add_library(meterproof_options INTERFACE)
# Designated initialisers name what matters and leave the rest at its default; GCC would call every omission a warning.
target_compile_options(meterproof_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Werror -Wno-missing-field-initializers)
# Position independent, but nobody replaces a function of ours at load time: calls within a file may be direct, or inlined.
target_compile_options(meterproof_options INTERFACE -fno-semantic-interposition)
# What GCC 12 says of its own std::string and std::vector at -O2 depends on what it happens to inline and is often false
# (for -Wrestrict GCC bug 105651, mended in 13): such a warning is shown but must not stop somebody's build.
set(METERPROOF_OLD_GCC "$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>")
target_compile_options(meterproof_options INTERFACE
  "$<${METERPROOF_OLD_GCC}:-Wno-restrict;-Wno-error=array-bounds;-Wno-error=stringop-overflow;-Wno-error=maybe-uninitialized>")
if(CMAKE_UNITY_BUILD)
  # GCC takes a .cpp that a unity source includes for a header, so a private class with a member of an unnamed namespace
  # looks like one that other translation units see.
  target_compile_options(meterproof_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
target_include_directories(meterproof_options INTERFACE "${CMAKE_CURRENT_SOURCE_DIR}" "${CMAKE_CURRENT_BINARY_DIR}/generated")
if(METERPROOF_SANITIZE)
  # Undefined behaviour only prints a line unless it is told to end the program; a test must fail of it.
  target_compile_options(meterproof_options INTERFACE
    -fsanitize=${METERPROOF_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(METERPROOF_SANITIZE MATCHES "undefined")
    # These three are a third of GCC's compile time. AddressSanitizer sees a null pointer in use too, and the fuzz targets
    # (clang) keep all checks.
    target_compile_options(meterproof_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-fno-sanitize=null,alignment,vptr>)
  endif()
  # With sanitizers GCC takes its own checks for uses of values that were never set; the other builds mind warnings.
  target_compile_options(meterproof_options INTERFACE "$<$<CXX_COMPILER_ID:GNU>:-Wno-error;-Wno-maybe-uninitialized>")
  target_link_options(meterproof_options INTERFACE -fsanitize=${METERPROOF_SANITIZE})
  if(METERPROOF_SANITIZE MATCHES "thread")
    target_compile_options(meterproof_options INTERFACE -Wno-tsan)
  endif()
endif()
