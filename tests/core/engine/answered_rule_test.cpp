#include "core/engine/answered_rule.h"

#include <gtest/gtest.h>

#include "core/engine/session_questions.h"
#include "core/policy/network_words.h"

namespace belljar {
namespace {

NetworkAnswered allowed(const char* text)
{
    const NetworkSpec spec = parseNetworkSpec(text).value();
    NetworkEntry entry = networkEntry(spec, true);
    return {spec.text, true, std::move(entry.list), std::move(entry.element)};
}

TEST(AnsweredRule, IsOneMoreElementOfItsList)
{
    const std::string profile = R"({
  "version": "0.8.0",
  "network": { "egress": { "default": "deny", "allow": [ { "to": [ { "cidr": "10.0.0.0/8" } ] } ] } }
})";
    Result<std::string> changed = withAnswer(profile, "p.json", allowed("192.0.2.1:443/tcp"));
    ASSERT_TRUE(changed) << changed.error().message;
    EXPECT_NE(changed->find(R"("cidr": "10.0.0.0/8")"), std::string::npos) << *changed;
    EXPECT_NE(changed->find(R"("cidr": "192.0.2.1")"), std::string::npos) << *changed;
    changed = withAnswer(*changed, "p.json", allowed("www.example.org:443"));
    ASSERT_TRUE(changed) << changed.error().message;
    EXPECT_NE(changed->find(R"("name": "www.example.org")"), std::string::npos) << *changed;
    EXPECT_TRUE(withAnswer("{}", "p.json", allowed("www.example.org"))) << "lists are made";
}

TEST(AnsweredRule, WhatNoProfileSays)
{
    EXPECT_FALSE(withAnswer("{}", "p.json", {"www.example.org", false, {}, {}}));
    EXPECT_FALSE(withAnswer("{", "p.json", allowed("www.example.org")));
    EXPECT_FALSE(withAnswer(R"({"network": 7})", "p.json", allowed("192.0.2.1")));
}

TEST(SessionQuestions, GoOverTheSocketAndBack)
{
    NetworkQuestion question;
    question.number = 7;
    question.protocol = IpProtocol::udp;
    question.address = "192.0.2.1";
    question.port = 53;
    question.name = "a\"b\xff";
    question.process = {4711, 1, 2, 3, "curl"};
    question.choices = {{AskScope::address, parseNetworkSpec("192.0.2.1:53/udp").value()},
                        {AskScope::all, parseNetworkSpec("*").value()}};
    question.until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    const std::vector<NetworkQuestion> back = questionsFromText(questionsText({question}));
    ASSERT_EQ(back.size(), 1U);
    EXPECT_EQ(back[0].number, 7U);
    EXPECT_EQ(back[0].protocol, IpProtocol::udp);
    EXPECT_EQ(back[0].process.name, "curl");
    EXPECT_EQ(back[0].name.substr(0, 3), "a\"b");
    ASSERT_EQ(back[0].choices.size(), 2U);
    EXPECT_EQ(back[0].choices[1].scope, AskScope::all);
    EXPECT_EQ(back[0].choices[0].spec.text, "192.0.2.1:53/udp");
    EXPECT_TRUE(questionsFromText("[1]").empty() && questionsFromText("{").empty());

    const std::string text = answerText({7, true, AskSpan::run, 1, "ignored"});
    std::string request = text;
    request.insert(1, R"("do":"answer",)");
    const Result<NetworkAnswer> answer = answerFromText(request, "uid 1000");
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->number == 7 && answer->allow && answer->choice == 1 && answer->span == AskSpan::run);
    EXPECT_EQ(answer->by, "uid 1000");
    EXPECT_FALSE(answerFromText(text, "")) << "a member is missing";
    EXPECT_FALSE(answerFromText(R"({"do":"answer","number":-1,"choice":0,"allow":true,"span":"once"})", ""));
    EXPECT_FALSE(answerFromText(R"({"do":"answer","number":1,"choice":0,"allow":true,"span":"never"})", ""));
}

}  // namespace
}  // namespace belljar
