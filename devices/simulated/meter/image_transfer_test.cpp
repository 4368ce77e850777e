#include "devices/simulated/meter/image_transfer.hpp"

#include <gtest/gtest.h>

#include "devices/simulated/meter/test_only/meter_transport.hpp"

namespace meterproof::simulated {
namespace {

using cosem::ActionResult;
using cosem::Bytes;
using cosem::Data;
using testing::TestMeter;

constexpr cosem::LogicalName k_image_name{{0, 0, 44, 0, 0, 255}};
constexpr std::int8_t k_initiate = 1, k_block = 2, k_verify = 3, k_activate = 4;
const Data k_zero(std::int8_t{0});

// The object alone, as a client with all rights reaches it.
struct ImageBench {
  explicit ImageBench(Nonvolatile& kept, bool takes_any = false)
      : transfer(kept, "1.0.0", takes_any), object(transfer.object()) {}

  ActionResult run(std::int8_t method, const Data& parameters) {
    Notifications none;
    return object.methods[static_cast<std::size_t>(method - 1)].run(parameters, none).result;
  }
  ActionResult initiate(std::size_t size, const char* name = "2.0.0") {
    return run(k_initiate, cosem::structure({cosem::octet_string(cosem::to_bytes(name)),
                                             Data(static_cast<std::uint32_t>(size))}));
  }
  ActionResult block(std::uint32_t number, cosem::BytesView value) {
    return run(k_block, cosem::structure({Data(number), cosem::octet_string(value)}));
  }
  ActionResult block_of(const Bytes& image, std::uint32_t number) {
    const std::size_t from = number * ImageTransfer::k_block_octets;
    return block(number, cosem::BytesView(image).subspan(
                             from, std::min(ImageTransfer::k_block_octets, image.size() - from)));
  }
  Data read(std::int8_t id) {
    const Role role;
    return std::get<Data>(object.attributes[static_cast<std::size_t>(id - 2)].get({role, {}}));
  }
  int status() { return read(6).as<cosem::Enum>()->value; }
  std::int64_t first_missing() { return read(4).integer().value_or(-1); }

  ImageTransfer transfer;
  Object object;
};

// 4 + 150 + 32 octets: three blocks.
Bytes genuine_image() { return ImageTransfer::genuine(Bytes(150, std::byte{0x5A})); }

TEST(ImageTransferObject, AGenuineImageIsVerifiedAndActivatedAndOutlivesThePowerCut) {
  Nonvolatile kept("");
  {
    ImageBench bench(kept);
    EXPECT_EQ(bench.status(), 0);
    const Bytes image = genuine_image();
    ASSERT_EQ(bench.initiate(image.size()), ActionResult::success);
    EXPECT_EQ(bench.status(), 1);
    for (const std::uint32_t number : {2u, 1u, 1u}) {
      ASSERT_EQ(bench.block_of(image, number), ActionResult::success) << number;
      EXPECT_EQ(bench.first_missing(), 0);
    }
    EXPECT_EQ(bench.read(3), Data(cosem::BitString{3, Bytes{std::byte{0x60}}}));
    ASSERT_EQ(bench.block_of(image, 0), ActionResult::success);
    EXPECT_EQ(bench.first_missing(), 3);
    EXPECT_EQ(bench.run(k_activate, k_zero), ActionResult::other_reason);
    EXPECT_EQ(bench.transfer.firmware(), "1.0.0");
    EXPECT_EQ(bench.run(k_verify, k_zero), ActionResult::success);
    EXPECT_EQ(bench.status(), 3);
    EXPECT_EQ(bench.read(7).elements()->size(), 1u);
  }
  {
    ImageBench after(kept);
    EXPECT_EQ(after.status(), 3);
    EXPECT_EQ(after.first_missing(), 3);
    EXPECT_EQ(after.run(k_activate, k_zero), ActionResult::success);
    EXPECT_EQ(after.status(), 6);
  }
  EXPECT_EQ(ImageBench(kept).transfer.firmware(), "2.0.0");
}

TEST(ImageTransferObject, HalfATransferGoesOnAfterAPowerCut) {
  Nonvolatile kept("");
  const Bytes image = genuine_image();
  {
    ImageBench bench(kept);
    ASSERT_EQ(bench.initiate(image.size()), ActionResult::success);
    ASSERT_EQ(bench.block_of(image, 0), ActionResult::success);
  }
  ImageBench after(kept);
  EXPECT_EQ(after.first_missing(), 1);
  ASSERT_EQ(after.block_of(image, 1), ActionResult::success);
  EXPECT_EQ(after.run(k_verify, k_zero), ActionResult::other_reason);
  EXPECT_EQ(after.status(), 4);
  ASSERT_EQ(after.block_of(image, 2), ActionResult::success);
  EXPECT_EQ(after.run(k_verify, k_zero), ActionResult::success);
}

TEST(ImageTransferObject, WhatIsNotGenuineIsNeverActivated) {
  Nonvolatile kept("");
  ImageBench bench(kept);
  Bytes image = genuine_image();
  image[40] ^= std::byte{1};
  ASSERT_EQ(bench.initiate(image.size()), ActionResult::success);
  for (const std::uint32_t number : {0u, 1u, 2u}) bench.block_of(image, number);
  EXPECT_EQ(bench.run(k_verify, k_zero), ActionResult::other_reason);
  EXPECT_EQ(bench.run(k_activate, k_zero), ActionResult::other_reason);
  EXPECT_EQ(bench.transfer.firmware(), "1.0.0");
  Nonvolatile other("");
  ImageBench careless(other, true);
  careless.initiate(image.size());
  for (const std::uint32_t number : {0u, 1u, 2u}) careless.block_of(image, number);
  EXPECT_EQ(careless.run(k_verify, k_zero), ActionResult::success);
}

TEST(ImageTransferObject, BlocksThatCannotBeAndImagesThatDoNotFitAreRefused) {
  Nonvolatile kept("");
  ImageBench bench(kept);
  const Bytes image = genuine_image();
  EXPECT_EQ(bench.block_of(image, 0), ActionResult::other_reason);  // none initiated
  EXPECT_EQ(bench.initiate(0), ActionResult::other_reason);
  EXPECT_EQ(bench.initiate(ImageTransfer::k_longest_image + 1), ActionResult::other_reason);
  ASSERT_EQ(bench.initiate(image.size()), ActionResult::success);
  EXPECT_EQ(bench.block(3, Bytes(64)), ActionResult::other_reason);
  EXPECT_EQ(bench.block(0xFFFFFFFF, Bytes(64)), ActionResult::other_reason);
  EXPECT_EQ(bench.block(0, Bytes(63)), ActionResult::other_reason);
  EXPECT_EQ(bench.block(2, Bytes(64)), ActionResult::other_reason);  // the last one is shorter
  EXPECT_EQ(bench.run(k_block, Data(true)), ActionResult::type_unmatched);
  EXPECT_EQ(bench.first_missing(), 0);
}

TEST(ImageTransferObject, NothingHappensWhileItIsDisabled) {
  Nonvolatile kept("");
  ImageBench bench(kept);
  ASSERT_EQ(bench.object.attributes[3].set(Data(false)), cosem::DataAccessResult::success);
  EXPECT_EQ(bench.initiate(100), ActionResult::temporary_failure);
  EXPECT_EQ(bench.run(k_verify, k_zero), ActionResult::temporary_failure);
  EXPECT_EQ(bench.status(), 0);
}

TEST(ImageTransferObject, IsOfTheManagementClientOnly) {
  TestMeter meter;
  testing::TestClient reader(meter, testing::k_reader_sap);
  reader.open();
  EXPECT_EQ(reader.action(18, k_image_name, k_verify), ActionResult::read_write_denied);
  testing::TestClient management(meter, testing::k_management_sap);
  management.open();
  EXPECT_EQ(management.get(18, k_image_name, 6), cosem::DataOrResult(Data(cosem::Enum{0})));
}

}  // namespace
}  // namespace meterproof::simulated
