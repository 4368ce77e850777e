// Result<T>: the value of an operation that may be refused by the world outside.
//
// Bytes that do not parse, a DUT that refuses, is silent or late: that is a value, not an
// exception, because under attack it is often the wanted answer and the procedure judges it. Bench
// faults and our own bugs are exceptions (harness/errors.hpp).
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace meterproof::harness {

using Error = boost::system::error_code;

template <class T>
using Result = boost::system::result<T, Error>;

}  // namespace meterproof::harness
