// Records as the programs in the kernel write them, and damaged ones: no kernel needed.
#include "core/platform/linux/kernel/record_decode.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstring>

#include "core/platform/linux/kernel/kernel_calls.h"

namespace belljar::linux_platform {
namespace {

/// A tree in which everything is as written and nothing exists.
class PlainLookup final : public InsideLookup {
public:
    InsideObject lookUp(std::int32_t, const std::string& path, bool) override
    {
        InsideObject object;
        object.path = path;
        object.error = ENOENT;
        return object;
    }
    void forget() override { ++forgotten; }
    int forgotten = 0;
};

class RecordMaker {
public:
    explicit RecordMaker(BelljarRecordKind kind)
    {
        head.kind = static_cast<std::uint8_t>(kind);
        head.pid = head.tid = 100;
        head.timeNs = 1'500;
        std::strcpy(head.name, "tool");
    }
    RecordMaker& call(int number, std::int64_t result, std::initializer_list<std::uint64_t> arguments)
    {
        head.number = static_cast<std::uint16_t>(number);
        head.result = result;
        std::copy(arguments.begin(), arguments.end(), head.arguments);
        return *this;
    }
    RecordMaker& text(BelljarText slot, std::string_view bytes)
    {
        head.texts[slot] = {static_cast<std::uint16_t>(texts.size()), static_cast<std::uint16_t>(bytes.size())};
        texts += bytes;
        return *this;
    }
    [[nodiscard]] std::string bytes() const
    {
        return std::string(reinterpret_cast<const char*>(&head), sizeof head) + texts;  // NOLINT
    }

    BelljarRecord head{};
    std::string texts;
};

constexpr std::uint64_t kHere = static_cast<std::uint32_t>(AT_FDCWD);
using namespace std::string_view_literals;

TEST(RecordDecode, ChainsAreReadFromTheRootOn)
{
    PlainLookup lookup;
    RecordDecoder decoder(lookup, 1'000);
    RecordMaker record(kRecordCall);
    record.call(SYS_openat, 3, {kHere, 0, O_RDWR}).text(kTextFolder, "file\0folder\0top\0"sv);
    record.head.flags = kFlagFile;
    record.head.arguments[5] = O_RDWR;
    const std::optional<Event> event = decoder.decode(record.bytes());
    ASSERT_TRUE(event);
    EXPECT_EQ(event->object, "/top/folder/file");
    EXPECT_EQ(event->kind, EventKind::fileOpenWrite);
    EXPECT_EQ(event->detail, "O_RDWR");
    EXPECT_EQ(event->result, 0);
    EXPECT_EQ(event->trust, ResultTrust::seen);
    EXPECT_EQ(event->timeNs, 500);
    EXPECT_EQ(event->processName, "tool");
}

TEST(RecordDecode, WhatWasWrittenStartsFromItsFolder)
{
    PlainLookup lookup;
    RecordDecoder decoder(lookup, 0);
    const auto open = [&](std::string_view folder, std::string_view path, std::uint64_t flags) {
        RecordMaker record(kRecordCall);
        record.call(SYS_openat, -ENOENT, {kHere, 0, flags}).text(kTextFolder, folder).text(kTextPath, path);
        record.head.arguments[5] = flags;
        return decoder.decode(record.bytes());
    };
    EXPECT_EQ(open("b\0a\0"sv, "c", O_RDONLY)->object, "/a/b/c");
    EXPECT_EQ(open("", "c", O_RDONLY)->object, "/c");
    EXPECT_EQ(open("", "/abs", O_RDONLY)->object, "/abs");
    EXPECT_EQ(open("", "/abs", O_RDONLY)->result, ENOENT);
    EXPECT_EQ(open("", "/new", O_CREAT | O_WRONLY)->kind, EventKind::fileCreate);
}

TEST(RecordDecode, ARefusalByARuleIsTold)
{
    PlainLookup lookup;
    RecordDecoder decoder(lookup, 0);
    RecordMaker open(kRecordCall);
    open.call(SYS_openat, -EACCES, {kHere, 0, O_RDONLY}).text(kTextPath, "/a");
    EXPECT_EQ(decoder.decode(open.bytes())->mechanism, Mechanism::none);
    open.head.arguments[kForbiddenArgument] = 17U << kForbidRuleShift | kForbidOpen;
    EXPECT_EQ(decoder.decode(open.bytes())->mechanism, Mechanism::kernelPolicy);
    EXPECT_EQ(decoder.decode(open.bytes())->rule, 17U);
    RecordMaker ring(kRecordGuard);
    ring.text(kTextFolder, "a\0"sv);
    ring.head.number = kHookOpen;
    ring.head.arguments[kForbiddenArgument] = open.head.arguments[kForbiddenArgument];
    EXPECT_EQ(decoder.decode(ring.bytes())->mechanism, Mechanism::none) << "not refused";
    ring.head.flags = kFlagRefused;
    EXPECT_EQ(decoder.decode(ring.bytes())->mechanism, Mechanism::kernelPolicy);
    EXPECT_EQ(decoder.decode(ring.bytes())->rule, 17U);
}

TEST(RecordDecode, NamesThatChangeAreForgotten)
{
    PlainLookup lookup;
    RecordDecoder decoder(lookup, 0);
    RecordMaker rename(kRecordCall);
    rename.call(SYS_rename, 0, {0, 0}).text(kTextPath, "/a").text(kTextPath2, "/b");
    EXPECT_EQ(decoder.decode(rename.bytes())->detail, "→ /b");
    EXPECT_EQ(lookup.forgotten, 1);
    rename.head.result = -EACCES;
    EXPECT_EQ(decoder.decode(rename.bytes())->result, EACCES);
    EXPECT_EQ(lookup.forgotten, 1);
}

TEST(RecordDecode, BytesAreToldOnceForReadingAndOnceForWriting)
{
    PlainLookup lookup;
    RecordDecoder decoder(lookup, 0);
    RecordMaker use(kRecordFileUse);
    use.text(kTextFolder, "f\0"sv).head.arguments[0] = 77;
    use.head.fileMode = S_IFREG;
    EXPECT_FALSE(decoder.decode(use.bytes()));
    RecordMaker end(kRecordFileEnd);
    end.call(0, 0, {77, 10, 20, 1'000'000, 2'000'000});
    const std::optional<Event> read = decoder.decode(end.bytes());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->kind, EventKind::fileBytesRead);
    EXPECT_EQ(read->detail, "10 bytes from 0.001000 s to 0.002000 s");
    const std::optional<Event> written = decoder.takeSecond();
    ASSERT_TRUE(written);
    EXPECT_EQ(written->detail, "20 bytes from 0.001000 s to 0.002000 s");
    EXPECT_FALSE(decoder.takeSecond());
    EXPECT_FALSE(decoder.decode(end.bytes())) << "told already";
}

TEST(RecordDecode, CallsThatTheFilterDeniesAreNamed)
{
    PlainLookup lookup;
    RecordDecoder decoder(lookup, 0, {"mkdir", "getppid"});
    RecordMaker folder(kRecordCall);
    folder.call(SYS_mkdir, -EPERM, {}).text(kTextPath, "/new");
    const std::optional<Event> named = decoder.decode(folder.bytes());
    ASSERT_TRUE(named);
    EXPECT_EQ(named->kind, EventKind::privSyscall);
    EXPECT_EQ(named->object, "mkdir");
    EXPECT_EQ(named->detail, "/new");
    EXPECT_EQ(named->result, EPERM);
    folder.head.result = -EACCES;
    EXPECT_EQ(decoder.decode(folder.bytes())->kind, EventKind::fileMkdir) << "that was not the filter";
    folder.head.result = -EPERM;
    folder.head.number = SYS_rmdir;
    EXPECT_EQ(decoder.decode(folder.bytes())->kind, EventKind::fileRmdir) << "this one is not denied";

    RecordMaker other(kRecordCall);
    other.call(SYS_getppid, -EPERM, {}).head.flags = kFlagRefused;
    ASSERT_TRUE(decoder.decode(other.bytes()));
    EXPECT_EQ(decoder.decode(other.bytes())->object, "getppid");
    other.head.flags = kFlagRefused | kFlagCompat;
    EXPECT_FALSE(decoder.decode(other.bytes())) << "the 32-bit call of this number is another one";
    other.head.flags = kFlagRefused;
    other.head.number = SYS_getpid;
    EXPECT_FALSE(decoder.decode(other.bytes()));
}

TEST(RecordDecode, DamagedRecordsAreHarmless)
{
    PlainLookup lookup;
    RecordDecoder decoder(lookup, 0);
    EXPECT_FALSE(decoder.decode(""));
    RecordMaker record(kRecordCall);
    record.call(SYS_openat, 3, {}).text(kTextFolder, "x\0"sv);
    record.head.flags = kFlagFile;
    const std::string whole = record.bytes();
    EXPECT_FALSE(decoder.decode(std::string_view(whole).substr(0, sizeof(BelljarRecord) - 1)));
    record.head.texts[kTextFolder] = {60'000, 60'000};
    EXPECT_EQ(decoder.decode(record.bytes())->object, "/");
    record.head.number = 60'000;
    EXPECT_FALSE(decoder.decode(record.bytes()));
    record.head.kind = 99;
    EXPECT_FALSE(decoder.decode(record.bytes()));
}

TEST(KernelCalls, EveryRowOfTheCallTableHasWorkInTheKernel)
{
    const std::vector<BelljarCallRule> rules = kernelCallRules();
    ASSERT_EQ(rules.size(), 2U * kCallNumbers);
    int closed = 0;
    for (const CallRow& row : callTable()) {
        if (row.nesting == Nesting::replaces) continue;
        if (row.number >= kCallNumbers || row.shape == CallShape::exit || row.shape == CallShape::changeFolder ||
            row.shape == CallShape::shareFolder)
            continue;
        closed += row.shape == CallShape::refuse ? 1 : 0;
        EXPECT_NE(rules[static_cast<std::size_t>(row.number)].work, kWorkNone) << row.name;
    }
    EXPECT_GT(closed, 50);
    EXPECT_EQ(rules[SYS_read].work, kWorkRead);
    EXPECT_EQ(rules[SYS_read].onlyFull, 1);
    EXPECT_EQ(rules[SYS_getpid].work, kWorkNone);
    constexpr unsigned kCompatOpen = 5;
    EXPECT_EQ(rules[kCallNumbers + kCompatOpen].work, kWorkOpen);
    // Terminal calls are told apart in the kernel: other ioctls are too frequent.
    EXPECT_EQ(rules[SYS_ioctl].tested, 1);
    EXPECT_EQ(0x5412U & rules[SYS_ioctl].mask, rules[SYS_ioctl].value);
    EXPECT_NE(0x5401U & rules[SYS_ioctl].mask, rules[SYS_ioctl].value);
}

}  // namespace
}  // namespace belljar::linux_platform
