<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>belljar::ComparePane</name>
    <message>
        <source>more</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>less</source>
        <translation>更少</translation>
    </message>
    <message>
        <source>other</source>
        <translation>其他</translation>
    </message>
</context>
<context>
    <name>belljar::Timeline</name>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
</context>
<context>
    <name>belljar</name>
    <message>
        <source>Empty the line</source>
        <translation>清空该行</translation>
    </message>
</context>
<context>
    <name>belljar::App</name>
    <message>
        <source>Runs a program under a policy and shows everything it tries.</source>
        <translation>按策略运行程序，并显示它尝试的一切。</translation>
    </message>
    <message>
        <source>The profile to open, MXC configuration JSON, or a recording.</source>
        <translation>要打开的配置（MXC 配置 JSON）或记录。</translation>
    </message>
    <message>
        <source>Lay out the bundled sample and open it.</source>
        <translation>展开内置示例并打开。</translation>
    </message>
    <message>
        <source>Colours: system, light, dark or contrast.</source>
        <translation>颜色：system、light、dark 或 contrast。</translation>
    </message>
    <message>
        <source>Language: system, %1.</source>
        <translation>语言：system, %1。</translation>
    </message>
    <message>
        <source>Use the plain text editor instead of Qt WebEngine.</source>
        <translation>使用纯文本编辑器代替 Qt WebEngine。</translation>
    </message>
    <message>
        <source>Start although this is the root user.</source>
        <translation>即使是 root 用户也启动。</translation>
    </message>
    <message>
        <source>--theme knows system, light, dark and contrast.</source>
        <translation>--theme 可用值为 system、light、dark 和 contrast。</translation>
    </message>
    <message>
        <source>More than one file was given.</source>
        <translation>给出了多个文件。</translation>
    </message>
    <message>
        <source>--language knows system, %1.</source>
        <translation>--language 可选 system, %1。</translation>
    </message>
</context>
<context>
    <name>belljar::AskBar</name>
    <message>
        <source>A program</source>
        <translation>某程序</translation>
    </message>
    <message>
        <source>%1 (process %2)</source>
        <translation>%1（进程 %2）</translation>
    </message>
    <message>
        <source>looks up the host %1</source>
        <translation>要查询主机 %1</translation>
    </message>
    <message>
        <source>wants to reach %1</source>
        <translation>要连接 %1</translation>
    </message>
    <message>
        <source>wants to reach %1 at %2</source>
        <translation>要连接 %1（%2）</translation>
    </message>
    <message>
        <source>&amp;Allow</source>
        <translation>允许(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Deny</source>
        <translation>拒绝(&amp;D)</translation>
    </message>
    <message>
        <source>A question about the network</source>
        <translation>网络询问</translation>
    </message>
    <message>
        <source>What is asked</source>
        <translation>询问内容</translation>
    </message>
    <message>
        <source>All questions that wait</source>
        <translation>所有待答的询问</translation>
    </message>
    <message>
        <source>What the answer is about</source>
        <translation>答复的适用对象</translation>
    </message>
    <message>
        <source>How long the answer holds</source>
        <translation>答复的有效期</translation>
    </message>
    <message>
        <source>this once</source>
        <translation>仅此一次</translation>
    </message>
    <message>
        <source>for this run</source>
        <translation>本次运行期间</translation>
    </message>
    <message>
        <source>always, in the profile</source>
        <translation>始终，写入配置</translation>
    </message>
    <message>
        <source>Deny this once</source>
        <translation>本次拒绝</translation>
    </message>
    <message>
        <source>Deny this once (Esc)</source>
        <translation>本次拒绝 (Esc)</translation>
    </message>
    <message>
        <source>. No rule covers that; it waits for you.</source>
        <translation>。没有规则涵盖此操作，正在等待您的答复。</translation>
    </message>
    <message>
        <source>denied in %1 s</source>
        <translation>%1 秒后拒绝</translation>
    </message>
    <message>
        <source>denied in %1 s; %2 wait</source>
        <translation>%1 秒后拒绝；%2 个在等待</translation>
    </message>
</context>
<context>
    <name>belljar::AskBox</name>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Show the rule</source>
        <translation>显示规则</translation>
    </message>
    <message>
        <source>&amp;Ask about a path:</source>
        <translation>询问路径(&amp;A)：</translation>
    </message>
    <message>
        <source>&amp;Ask about an address:</source>
        <translation>询问地址(&amp;A)：</translation>
    </message>
    <message>
        <source>Path to ask about</source>
        <translation>要询问的路径</translation>
    </message>
    <message>
        <source>Address to ask about</source>
        <translation>要询问的地址</translation>
    </message>
    <message>
        <source>~/.ssh/id_ed25519 – what may the program do with it?</source>
        <translation>~/.ssh/id_ed25519 – 程序可以对它做什么？</translation>
    </message>
    <message>
        <source>192.0.2.7:443/tcp – may the program reach it?</source>
        <translation>192.0.2.7:443/tcp – 程序可以连接它吗？</translation>
    </message>
    <message>
        <source>Answer: %1</source>
        <translation>答复：%1</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
</context>
<context>
    <name>belljar::ChipRow</name>
    <message>
        <source>%1 more and</source>
        <translation>另有 %1 个，以及</translation>
    </message>
    <message>
        <source>Condition %1; press to remove</source>
        <translation>条件 %1；按下可移除</translation>
    </message>
</context>
<context>
    <name>belljar::ChoiceField</name>
    <message>
        <source>not set</source>
        <translation>未设置</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
</context>
<context>
    <name>belljar::CommandPalette</name>
    <message>
        <source>Find a command or a field</source>
        <translation>查找命令或字段</translation>
    </message>
    <message>
        <source>Part of the name</source>
        <translation>名称的一部分</translation>
    </message>
    <message>
        <source>Type a part of a command or field, e.g. “export” or “timeout”</source>
        <translation>输入命令或字段的一部分，例如“export”或“timeout”</translation>
    </message>
    <message>
        <source>Commands and fields</source>
        <translation>命令和字段</translation>
    </message>
</context>
<context>
    <name>belljar::ComparePane</name>
    <message>
        <source>%1 (line %2)</source>
        <translation>%1（第 %2 行）</translation>
    </message>
    <message>
        <source>Choose file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Migrate</source>
        <translation>迁移</translation>
    </message>
    <message>
        <source>What to compare the profile with</source>
        <translation>配置的比较对象</translation>
    </message>
    <message>
        <source>The saved version</source>
        <translation>已保存的版本</translation>
    </message>
    <message>
        <source>Another profile</source>
        <translation>另一个配置</translation>
    </message>
    <message>
        <source>Itself, migrated to schema 0.8</source>
        <translation>自身，迁移到 schema 0.8</translation>
    </message>
    <message>
        <source>Replaces the text by the migrated one; can be undone</source>
        <translation>用迁移后的文本替换当前文本；可撤销</translation>
    </message>
    <message>
        <source>What is allowed more or less</source>
        <translation>允许范围的增减</translation>
    </message>
    <message>
        <source>Access</source>
        <translation>访问权限</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Lines that differ</source>
        <translation>不同的行</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>比较对象</translation>
    </message>
    <message>
        <source>The text is not valid at the moment, so there is nothing to compare.</source>
        <translation>文本目前无效，无法比较。</translation>
    </message>
    <message>
        <source>Choose the profile to compare with.</source>
        <translation>请选择要比较的配置。</translation>
    </message>
    <message>
        <source>The profile cannot be migrated:</source>
        <translation>配置无法迁移：</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>第 %1 行：%2</translation>
    </message>
    <message>
        <source>The profile is of schema 0.8 or later already.</source>
        <translation>配置已是 schema 0.8 或更高版本。</translation>
    </message>
    <message>
        <source>Access cannot be compared: %1</source>
        <translation>无法比较访问权限：%1</translation>
    </message>
    <message>
        <source>%1 questions were asked of both.</source>
        <translation>已对双方各查询 %1 项。</translation>
    </message>
    <message>
        <source>The same access. %1</source>
        <translation>访问权限相同。%1</translation>
    </message>
    <message>
        <source>More: %1. Less: %2. Other: %3. %4</source>
        <translation>更多：%1。更少：%2。其他：%3。%4</translation>
    </message>
    <message>
        <source>There are too many network rules to compare all of them.</source>
        <translation>网络规则过多，无法全部比较。</translation>
    </message>
    <message>
        <source>migrate to schema 0.8</source>
        <translation>迁移到 schema 0.8</translation>
    </message>
</context>
<context>
    <name>belljar::ContainmentModel</name>
    <message>
        <source>✓ available</source>
        <translation>✓ 可用</translation>
    </message>
    <message>
        <source>✗ not here</source>
        <translation>✗ 此处不可用</translation>
    </message>
    <message>
        <source>To fix it: %1</source>
        <translation>解决方法：%1</translation>
    </message>
    <message>
        <source>Containment</source>
        <translation>隔离方式</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Why, and how to fix it</source>
        <translation>原因及解决方法</translation>
    </message>
</context>
<context>
    <name>belljar::DiskBar</name>
    <message>
        <source>Merge both</source>
        <translation>合并双方</translation>
    </message>
    <message>
        <source>Take the file</source>
        <translation>采用文件内容</translation>
    </message>
    <message>
        <source>Keep mine</source>
        <translation>保留我的内容</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Makes the changes of both; can be undone</source>
        <translation>应用双方的更改；可撤销</translation>
    </message>
    <message>
        <source>Replaces the text here by the file's; can be undone</source>
        <translation>用文件内容替换此处的文本；可撤销</translation>
    </message>
    <message>
        <source>The next save replaces the file</source>
        <translation>下次保存将替换该文件</translation>
    </message>
    <message>
        <source>Another program has changed %1.</source>
        <translation>另一个程序更改了 %1。</translation>
    </message>
    <message>
        <source>Another program has changed %1, in other lines than you.</source>
        <translation>另一个程序更改了 %1，与您更改的行不同。</translation>
    </message>
    <message>
        <source>Another program has changed %1 in the same lines as you.</source>
        <translation>另一个程序更改了 %1，与您更改的行相同。</translation>
    </message>
    <message>
        <source>take the file's text</source>
        <translation>采用文件的文本</translation>
    </message>
    <message>
        <source>merge with the file</source>
        <translation>与文件合并</translation>
    </message>
</context>
<context>
    <name>belljar::DraftKeeper</name>
    <message>
        <source>restore unsaved edits</source>
        <translation>恢复未保存的编辑</translation>
    </message>
</context>
<context>
    <name>belljar::EditorHost</name>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Ctrl+Space offers what may stand at the cursor.</source>
        <translation>按 Ctrl+Space 显示光标处可填写的内容。</translation>
    </message>
    <message>
        <source>The web editor is not available: %1. This is the plain one.</source>
        <translation>网页编辑器不可用：%1。当前为纯文本编辑器。</translation>
    </message>
</context>
<context>
    <name>belljar::EventExplainer</name>
    <message>
        <source>No rule applies</source>
        <translation>没有适用的规则</translation>
    </message>
    <message>
        <source>Allowed</source>
        <translation>已允许</translation>
    </message>
    <message>
        <source>Absent</source>
        <translation>不存在</translation>
    </message>
    <message>
        <source>Denied</source>
        <translation>已拒绝</translation>
    </message>
    <message>
        <source>Belljar's default: what no rule grants is absent or closed</source>
        <translation>Belljar 的默认规则：没有规则授权的内容即不存在或已关闭</translation>
    </message>
    <message>
        <source>Belljar's default, line %1</source>
        <translation>Belljar 的默认规则，第 %1 行</translation>
    </message>
    <message>
        <source>The system files that every sandbox gets</source>
        <translation>每个沙箱都有的系统文件</translation>
    </message>
    <message>
        <source>An option of this run</source>
        <translation>本次运行的选项</translation>
    </message>
    <message>
        <source>A change while the program ran</source>
        <translation>程序运行期间的更改</translation>
    </message>
    <message>
        <source>The base profile %1, line %2 (%3)</source>
        <translation>基础配置 %1，第 %2 行（%3）</translation>
    </message>
    <message>
        <source>The profile</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>The profile, line %1 (%2)</source>
        <translation>配置，第 %1 行（%2）</translation>
    </message>
    <message>
        <source>The object does not exist on this machine either: without the sandbox the program would have got the same answer.</source>
        <translation>该对象在本机上也不存在：即使没有沙箱，程序也会得到相同的答复。</translation>
    </message>
    <message>
        <source>The result of the call was not seen.</source>
        <translation>未观测到调用的结果。</translation>
    </message>
    <message>
        <source>The result is derived: it was looked up in the sandbox when the call was made.</source>
        <translation>结果为推断所得：调用时在沙箱中查得。</translation>
    </message>
    <message>
        <source>The result is the kernel's own answer.</source>
        <translation>结果是内核自身的答复。</translation>
    </message>
    <message>
        <source>%1 – %2 Result: %3</source>
        <translation>%1 – %2 结果：%3</translation>
    </message>
    <message>
        <source>%1, process %2, started by process %3</source>
        <translation>%1，进程 %2，由进程 %3 启动</translation>
    </message>
    <message>
        <source>Started by: %1</source>
        <translation>启动者：%1</translation>
    </message>
</context>
<context>
    <name>belljar::EventTableModel</name>
    <message>
        <source>Bookmark</source>
        <translation>书签</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>%1, rule %2</source>
        <translation>%1，规则 %2</translation>
    </message>
    <message>
        <source>%1, highlighted: %2</source>
        <translation>%1，高亮：%2</translation>
    </message>
    <message>
        <source>%1, note: %2</source>
        <translation>%1，备注：%2</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Process</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>Operation</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Arguments</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Clock (UTC)</source>
        <translation>时钟 (UTC)</translation>
    </message>
    <message>
        <source>Process id</source>
        <translation>进程 ID</translation>
    </message>
    <message>
        <source>Parent id</source>
        <translation>父进程 ID</translation>
    </message>
    <message>
        <source>Id inside</source>
        <translation>内部 ID</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Result known</source>
        <translation>结果可知性</translation>
    </message>
    <message>
        <source>Rule from</source>
        <translation>规则来源</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Mechanism</source>
        <translation>机制</translation>
    </message>
    <message>
        <source>Seen by</source>
        <translation>观测者</translation>
    </message>
    <message>
        <source>In queries: %1</source>
        <translation>在查询中：%1</translation>
    </message>
</context>
<context>
    <name>belljar::EventTableView</name>
    <message>
        <source>Events; Enter explains one, = shows only this value, - hides it, H highlights, T shows the process tree</source>
        <translation>事件；Enter 解释事件，= 仅显示此值，- 隐藏此值，H 高亮，T 显示进程树</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>As at first</source>
        <translation>恢复初始状态</translation>
    </message>
    <message>
        <source>%1 new, sort them in</source>
        <translation>%1 个新事件，按序排入</translation>
    </message>
    <message>
        <source>%1 new</source>
        <translation>%1 个新事件</translation>
    </message>
    <message>
        <source>%1 new events; shows the newest</source>
        <translation>%1 个新事件；显示最新的</translation>
    </message>
    <message>
        <source>Show only %1</source>
        <translation>仅显示 %1</translation>
    </message>
    <message>
        <source>Hide %1</source>
        <translation>隐藏 %1</translation>
    </message>
    <message>
        <source>Highlight %1</source>
        <translation>高亮 %1</translation>
    </message>
    <message>
        <source>Show only this process and what it started</source>
        <translation>仅显示此进程及其启动的进程</translation>
    </message>
    <message>
        <source>Group by this column</source>
        <translation>按此列分组</translation>
    </message>
    <message>
        <source>Remove the bookmark</source>
        <translation>移除书签</translation>
    </message>
    <message>
        <source>Bookmark</source>
        <translation>书签</translation>
    </message>
    <message>
        <source>Write a note…</source>
        <translation>写备注…</translation>
    </message>
    <message>
        <source>Copy the line</source>
        <translation>复制该行</translation>
    </message>
    <message>
        <source>What a program tries is listed here.</source>
        <translation>程序的各种尝试会列在这里。</translation>
    </message>
    <message>
        <source>No event fits all conditions.</source>
        <translation>没有事件符合所有条件。</translation>
    </message>
</context>
<context>
    <name>belljar::ExplainPane</name>
    <message>
        <source>Go to the rule</source>
        <translation>转到规则</translation>
    </message>
    <message>
        <source>Explanation of the event</source>
        <translation>事件的解释</translation>
    </message>
    <message>
        <source>Select an event and press Enter, or double-click it, to see why it was allowed or denied.</source>
        <translation>选择事件并按 Enter，或双击事件，查看它被允许或拒绝的原因。</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>主体</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Written in</source>
        <translation>出处</translation>
    </message>
    <message>
        <source>Mechanism</source>
        <translation>机制</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Show secrets</source>
        <translation>显示机密</translation>
    </message>
    <message>
        <source>Something here looks like a password, a key or a token, and is masked</source>
        <translation>此处有看似密码、密钥或令牌的内容,已被遮盖</translation>
    </message>
    <message>
        <source>Raw</source>
        <translation>原始数据</translation>
    </message>
    <message>
        <source>Show the event as it is recorded, as JSON</source>
        <translation>以 JSON 显示记录的事件</translation>
    </message>
    <message>
        <source>The event as JSON</source>
        <translation>JSON 格式的事件</translation>
    </message>
    <message>
        <source>Go to line %1</source>
        <translation>转到第 %1 行</translation>
    </message>
</context>
<context>
    <name>belljar::FieldGroup</name>
    <message>
        <source>changed, revert</source>
        <translation>已更改，还原</translation>
    </message>
    <message>
        <source>%1 was changed: revert to the saved value</source>
        <translation>%1 已更改：还原为保存的值</translation>
    </message>
</context>
<context>
    <name>belljar::FieldHelp</name>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>One of: %1</source>
        <translation>可选值：%1</translation>
    </message>
    <message>
        <source>From %1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>all systems</source>
        <translation>所有系统</translation>
    </message>
    <message>
        <source>Acts on: %1.</source>
        <translation>作用于：%1。</translation>
    </message>
    <message>
        <source>Since schema %1. Acts on: %2.</source>
        <translation>自 schema %1 起。作用于：%2。</translation>
    </message>
</context>
<context>
    <name>belljar::FilterPresets</name>
    <message>
        <source>Denied</source>
        <translation>已拒绝</translation>
    </message>
    <message>
        <source>Denied or absent</source>
        <translation>已拒绝或不存在</translation>
    </message>
    <message>
        <source>Sensitive places</source>
        <translation>敏感位置</translation>
    </message>
    <message>
        <source>What was written or changed</source>
        <translation>写入或更改的内容</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Programs that were run</source>
        <translation>运行过的程序</translation>
    </message>
    <message>
        <source>Clipboard and other windows</source>
        <translation>剪贴板和其他窗口</translation>
    </message>
    <message>
        <source>What failed</source>
        <translation>失败的操作</translation>
    </message>
    <message>
        <source>Closed system calls</source>
        <translation>已关闭的系统调用</translation>
    </message>
    <message>
        <source>Changes of the session, and losses</source>
        <translation>会话的更改和丢失</translation>
    </message>
</context>
<context>
    <name>belljar::FindingModel</name>
    <message>
        <source>1 error</source>
        <translation>1 个错误</translation>
    </message>
    <message>
        <source>%1 errors</source>
        <translation>%1 个错误</translation>
    </message>
    <message>
        <source>1 warning</source>
        <translation>1 个警告</translation>
    </message>
    <message>
        <source>%1 warnings</source>
        <translation>%1 个警告</translation>
    </message>
    <message>
        <source>1 note</source>
        <translation>1 条备注</translation>
    </message>
    <message>
        <source>%1 notes</source>
        <translation>%1 条备注</translation>
    </message>
    <message>
        <source>No problems</source>
        <translation>没有问题</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>(in %1)</source>
        <translation>（在 %1 中）</translation>
    </message>
    <message>
        <source>(line %1)</source>
        <translation>（第 %1 行）</translation>
    </message>
    <message>
        <source>Fix: %1</source>
        <translation>修复方法：%1</translation>
    </message>
</context>
<context>
    <name>belljar::FixBar</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Run again (F5)</source>
        <translation>再次运行 (F5)</translation>
    </message>
    <message>
        <source>What was changed</source>
        <translation>更改的内容</translation>
    </message>
    <message>
        <source>The running session was not changed: %1</source>
        <translation>正在运行的会话未更改：%1</translation>
    </message>
    <message>
        <source>In the running session %1 was %2 and is %3 now.</source>
        <translation>在正在运行的会话中，%1 原为 %2，现为 %3。</translation>
    </message>
    <message>
        <source>The running session cannot be changed like that.</source>
        <translation>无法这样更改正在运行的会话。</translation>
    </message>
    <message>
        <source>The profile has changed since this run, so the rule to remove may stand elsewhere. Run it again first.</source>
        <translation>配置在本次运行后已更改，要移除的规则可能已在别处。请先再次运行。</translation>
    </message>
    <message>
        <source>The profile was not changed: %1</source>
        <translation>配置未更改：%1</translation>
    </message>
    <message>
        <source>Profile changed: %1.</source>
        <translation>配置已更改：%1。</translation>
    </message>
</context>
<context>
    <name>belljar::FixFinder</name>
    <message>
        <source>Opens nothing else.</source>
        <translation>不会开放其他内容。</translation>
    </message>
    <message>
        <source>Opens more than %1 files and folders in it.</source>
        <translation>会开放其中超过 %1 个文件和文件夹。</translation>
    </message>
    <message numerus="yes">
        <source>Opens the %n file(s) and folder(s) in it, and all that come.</source>
        <translation>
            <numerusform>会开放其中的 %n 个文件和文件夹，以及以后新增的所有内容。</numerusform></translation>
    </message>
    <message>
        <source>Allow reading and changing everything in %1</source>
        <translation>允许读取和更改 %1 中的所有内容</translation>
    </message>
    <message>
        <source>Allow reading and changing %1</source>
        <translation>允许读取和更改 %1</translation>
    </message>
    <message>
        <source>Allow reading everything in %1</source>
        <translation>允许读取 %1 中的所有内容</translation>
    </message>
    <message>
        <source>Allow reading %1</source>
        <translation>允许读取 %1</translation>
    </message>
    <message>
        <source>Remove the rule that denies it</source>
        <translation>移除拒绝它的规则</translation>
    </message>
    <message>
        <source>Opens all that this rule denies.</source>
        <translation>会开放此规则拒绝的所有内容。</translation>
    </message>
    <message>
        <source>Give it this machine's whole network</source>
        <translation>允许使用本机的整个网络</translation>
    </message>
    <message>
        <source>Opens everything that this machine can reach, itself and its neighbours too.</source>
        <translation>会开放本机可连接的一切，包括本机自身及其邻近设备。</translation>
    </message>
    <message>
        <source>Allow connections to %1</source>
        <translation>允许连接到 %1</translation>
    </message>
    <message>
        <source>Opens every port and address that this names.</source>
        <translation>会开放它所指的每个端口和地址。</translation>
    </message>
</context>
<context>
    <name>belljar::FixList</name>
    <message>
        <source>Why nothing fixes it</source>
        <translation>无法修复的原因</translation>
    </message>
    <message>
        <source>Also in the running session, at once</source>
        <translation>同时立即应用到正在运行的会话</translation>
    </message>
    <message>
        <source>What else fix %1 opens</source>
        <translation>修复方法 %1 还会开放的内容</translation>
    </message>
    <message>
        <source>%1 Secret: %2.</source>
        <translation>%1 机密：%2。</translation>
    </message>
    <message>
        <source>I know that this is secret</source>
        <translation>我知道这是机密内容</translation>
    </message>
</context>
<context>
    <name>belljar::FormSections</name>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Up to schema 0.7</source>
        <translation>截至 schema 0.7</translation>
    </message>
    <message>
        <source>Desktop and clipboard</source>
        <translation>桌面和剪贴板</translation>
    </message>
    <message>
        <source>Process</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>限制</translation>
    </message>
    <message>
        <source>Programs and calls</source>
        <translation>程序和调用</translation>
    </message>
    <message>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>Single containments</source>
        <translation>各隔离方式</translation>
    </message>
    <message>
        <source>LXC</source>
        <translation>LXC</translation>
    </message>
    <message>
        <source>Seatbelt (macOS)</source>
        <translation>Seatbelt (macOS)</translation>
    </message>
    <message>
        <source>AppContainer (Windows)</source>
        <translation>AppContainer (Windows)</translation>
    </message>
    <message>
        <source>Windows Sandbox</source>
        <translation>Windows 沙盒</translation>
    </message>
    <message>
        <source>WSL container</source>
        <translation>WSL 容器</translation>
    </message>
    <message>
        <source>Isolation session</source>
        <translation>隔离会话</translation>
    </message>
    <message>
        <source>Tests and telemetry</source>
        <translation>测试和遥测</translation>
    </message>
</context>
<context>
    <name>belljar::GroupModel</name>
    <message>
        <source>(none)</source>
        <translation>（无）</translation>
    </message>
    <message>
        <source>%1: %2 events, %3 denied</source>
        <translation>%1：%2 个事件，%3 个已拒绝</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Denied</source>
        <translation>已拒绝</translation>
    </message>
    <message>
        <source>First (s)</source>
        <translation>首次 (秒)</translation>
    </message>
    <message>
        <source>Last (s)</source>
        <translation>末次 (秒)</translation>
    </message>
</context>
<context>
    <name>belljar::HelpDialog</name>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Help pages</source>
        <translation>帮助页面</translation>
    </message>
</context>
<context>
    <name>belljar::HistoryDialog</name>
    <message>
        <source>Run history</source>
        <translation>运行历史</translation>
    </message>
    <message>
        <source>Runs, the newest first, pinned ones above</source>
        <translation>运行记录，最新的在前，已固定的在最上方</translation>
    </message>
    <message>
        <source>&amp;Run again</source>
        <translation>再次运行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Pin</source>
        <translation>固定(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Forget</source>
        <translation>移除记录(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Show secrets</source>
        <translation>显示机密(&amp;S)</translation>
    </message>
    <message>
        <source>Un&amp;pin</source>
        <translation>取消固定(&amp;P)</translation>
    </message>
</context>
<context>
    <name>belljar::HomePage</name>
    <message>
        <source>Put a program under the jar</source>
        <translation>将程序置于钟罩之下</translation>
    </message>
    <message>
        <source>Drop a program or script on this window, or type its line above and press F5. It sees only what the profile grants; everything it tries is shown.</source>
        <translation>将程序或脚本拖放到此窗口，或在上方输入命令行并按 F5。它只能看到配置授权的内容；它尝试的一切都会显示。</translation>
    </message>
    <message>
        <source>&amp;Lately</source>
        <translation>最近(&amp;L)</translation>
    </message>
    <message>
        <source>Profiles that were open lately</source>
        <translation>最近打开的配置</translation>
    </message>
    <message>
        <source>What this machine can run</source>
        <translation>本机可运行的隔离方式</translation>
    </message>
    <message>
        <source>A profile names one containment. What is not here is refused with the reason; nothing weaker is taken instead.</source>
        <translation>一个配置指定一种隔离方式。本机没有的会被拒绝并说明原因，不会改用较弱的方式。</translation>
    </message>
    <message>
        <source>Containments of this machine</source>
        <translation>本机的隔离方式</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>暂无</translation>
    </message>
</context>
<context>
    <name>belljar::JsonField</name>
    <message>
        <source>not set (JSON, for example "text" or 5)</source>
        <translation>未设置（JSON，例如 "text" 或 5）</translation>
    </message>
    <message>
        <source>%1 (has several lines or hidden characters: change it in the text)</source>
        <translation>%1（含有多行或隐藏字符：请在文本中更改）</translation>
    </message>
    <message>
        <source>This is no JSON: %1</source>
        <translation>这不是 JSON：%1</translation>
    </message>
</context>
<context>
    <name>belljar::LauncherBar</name>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Co&amp;mmand:</source>
        <translation>命令(&amp;M)：</translation>
    </message>
    <message>
        <source>Command to run</source>
        <translation>要运行的命令</translation>
    </message>
    <message>
        <source>Run in the sandbox (F5)</source>
        <translation>在沙箱中运行 (F5)</translation>
    </message>
    <message>
        <source>Stop the program and everything it started (Ctrl+.)</source>
        <translation>停止程序及其启动的一切 (Ctrl+.)</translation>
    </message>
    <message>
        <source>Paste a shell line, or drop a program on this window</source>
        <translation>粘贴 shell 命令行，或将程序拖放到此窗口</translation>
    </message>
    <message>
        <source>%1   (from the profile; paste a shell line to run another)</source>
        <translation>%1   （来自配置；粘贴 shell 命令行可运行其他命令）</translation>
    </message>
</context>
<context>
    <name>belljar::LineField</name>
    <message>
        <source>not set</source>
        <translation>未设置</translation>
    </message>
    <message>
        <source>not set (%1 to %2)</source>
        <translation>未设置（%1 至 %2）</translation>
    </message>
    <message>
        <source>%1 (holds hidden characters: change it in the text)</source>
        <translation>%1（含有隐藏字符：请在文本中更改）</translation>
    </message>
</context>
<context>
    <name>belljar::ListEditor</name>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>New entry of %1</source>
        <translation>%1 的新条目</translation>
    </message>
    <message>
        <source>new entry</source>
        <translation>新条目</translation>
    </message>
    <message>
        <source>Add the new entry to %1</source>
        <translation>将新条目添加到 %1</translation>
    </message>
    <message>
        <source>Remove the selected entry of %1</source>
        <translation>移除 %1 的选中条目</translation>
    </message>
    <message>
        <source>Masked, as it looks like a secret; F2 or a double click shows it for editing.</source>
        <translation>看似机密,已被遮盖;按 F2 或双击即可显示并编辑。</translation>
    </message>
</context>
<context>
    <name>belljar::LivePage</name>
    <message>
        <source>%1 bytes of output came faster than they could be shown</source>
        <translation>%1 字节的输出来得过快，未能显示</translation>
    </message>
    <message>
        <source>Filtering…</source>
        <translation>正在筛选…</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>not %1</source>
        <translation>非 %1</translation>
    </message>
    <message>
        <source>from %1</source>
        <translation>来自 %1</translation>
    </message>
    <message>
        <source>Bookmarks (%1)</source>
        <translation>书签 (%1)</translation>
    </message>
    <message>
        <source>bookmarks</source>
        <translation>书签</translation>
    </message>
    <message>
        <source>&amp;Save what is shown as a filter…</source>
        <translation>将当前显示的内容存为筛选器(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Remove a saved filter</source>
        <translation>移除已保存的筛选器(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Clear all filters</source>
        <translation>清除所有筛选器(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Highlights</source>
        <translation>高亮(&amp;H)</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>移除 %1</translation>
    </message>
    <message>
        <source>Highlight what is shown now</source>
        <translation>高亮当前显示的内容</translation>
    </message>
    <message>
        <source>Save the filter</source>
        <translation>保存筛选器</translation>
    </message>
    <message>
        <source>Name of the filter:</source>
        <translation>筛选器名称：</translation>
    </message>
    <message>
        <source>Denied</source>
        <translation>已拒绝</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>跟随</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>筛选器</translation>
    </message>
    <message>
        <source>Saved filters and highlights</source>
        <translation>已保存的筛选器和高亮</translation>
    </message>
    <message>
        <source>Only what was denied and exists</source>
        <translation>仅限已拒绝且存在的对象</translation>
    </message>
    <message>
        <source>Group events by</source>
        <translation>事件分组依据</translation>
    </message>
    <message>
        <source>No groups</source>
        <translation>不分组</translation>
    </message>
    <message>
        <source>By %1</source>
        <translation>按 %1</translation>
    </message>
    <message>
        <source>Keep the newest event in sight; scrolling up pauses</source>
        <translation>始终显示最新事件；向上滚动会暂停</translation>
    </message>
    <message>
        <source>Processes; Enter shows only the events of one and of what it started</source>
        <translation>进程；Enter 仅显示某个进程及其启动的进程的事件</translation>
    </message>
    <message>
        <source>Groups of events; Enter shows the events of one</source>
        <translation>事件分组；Enter 显示某组的事件</translation>
    </message>
    <message>
        <source>denied</source>
        <translation>已拒绝</translation>
    </message>
    <message>
        <source>%1 s to %2 s</source>
        <translation>%1 秒至 %2 秒</translation>
    </message>
    <message>
        <source>from process %1</source>
        <translation>来自进程 %1</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Note at event %1; without text it is only a bookmark:</source>
        <translation>事件 %1 的备注；不填文本则仅为书签：</translation>
    </message>
</context>
<context>
    <name>belljar::MainWindow</name>
    <message>
        <source>Running as root. A sandbox started by root protects less, and files that this app writes belong to root. Start it as a normal user.</source>
        <translation>正以 root 身份运行。由 root 启动的沙箱保护较弱，本应用写入的文件也归 root 所有。请以普通用户身份启动。</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Home</source>
        <translation>主页</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>Go to the next denial, and why (F8)</source>
        <translation>转到下一个拒绝及其原因 (F8)</translation>
    </message>
    <message>
        <source>Not running</source>
        <translation>未运行</translation>
    </message>
    <message>
        <source>Running, recording</source>
        <translation>正在运行，正在记录</translation>
    </message>
    <message>
        <source>%1 running, recording</source>
        <translation>%1 个正在运行，正在记录</translation>
    </message>
    <message>
        <source>%1 events</source>
        <translation>%1 个事件</translation>
    </message>
    <message>
        <source>%1 events (%2 only in the recording)</source>
        <translation>%1 个事件（%2 个仅在记录中）</translation>
    </message>
    <message>
        <source>%1 denied</source>
        <translation>%1 个已拒绝</translation>
    </message>
    <message>
        <source>%1 lost</source>
        <translation>%1 个丢失</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>Watched: %1</source>
        <translation>观测方式：%1</translation>
    </message>
    <message>
        <source>The kernel source is not to be had: %1</source>
        <translation>内核事件源不可用：%1</translation>
    </message>
    <message>
        <source>%1[*] – Belljar</source>
        <translation>%1[*] – Belljar</translation>
    </message>
    <message>
        <source>Exported to %1</source>
        <translation>已导出到 %1</translation>
    </message>
    <message>
        <source>The profile has changed since this run: its line %1 may be another one now.</source>
        <translation>配置在本次运行后已更改：其第 %1 行可能已不是原来那一行。</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;New profile…</source>
        <translation>新建配置(&amp;N)…</translation>
    </message>
    <message>
        <source>&amp;Try the sample</source>
        <translation>试用示例(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>打开(&amp;O)…</translation>
    </message>
    <message>
        <source>Open profile</source>
        <translation>打开配置</translation>
    </message>
    <message>
        <source>Open recor&amp;ding…</source>
        <translation>打开记录(&amp;D)…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+O</source>
        <translation>Ctrl+Shift+O</translation>
    </message>
    <message>
        <source>Open recording</source>
        <translation>打开记录</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>打开最近的配置(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>另存为(&amp;A)…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+S</source>
        <translation>Ctrl+Shift+S</translation>
    </message>
    <message>
        <source>&amp;Export JSON…</source>
        <translation>导出 JSON(&amp;E)…</translation>
    </message>
    <message>
        <source>Ctrl+E</source>
        <translation>Ctrl+E</translation>
    </message>
    <message>
        <source>Export JSON</source>
        <translation>导出 JSON</translation>
    </message>
    <message>
        <source>Save re&amp;cording…</source>
        <translation>保存记录(&amp;C)…</translation>
    </message>
    <message>
        <source>Save recording</source>
        <translation>保存记录</translation>
    </message>
    <message>
        <source>Export e&amp;vents…</source>
        <translation>导出事件(&amp;V)…</translation>
    </message>
    <message>
        <source>Export the events that are shown</source>
        <translation>导出所显示的事件</translation>
    </message>
    <message>
        <source>Table (%1)</source>
        <translation>表格 (%1)</translation>
    </message>
    <message>
        <source>JSON lines (%1)</source>
        <translation>JSON 行 (%1)</translation>
    </message>
    <message>
        <source>Database (%1)</source>
        <translation>数据库 (%1)</translation>
    </message>
    <message>
        <source>Text (%1)</source>
        <translation>文本 (%1)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>Ctrl+Shift+Z</source>
        <translation>Ctrl+Shift+Z</translation>
    </message>
    <message>
        <source>Ctrl+Y</source>
        <translation>Ctrl+Y</translation>
    </message>
    <message>
        <source>Compare with the &amp;saved version</source>
        <translation>与已保存的版本比较(&amp;S)</translation>
    </message>
    <message>
        <source>Ctrl+D</source>
        <translation>Ctrl+D</translation>
    </message>
    <message>
        <source>Compare with &amp;another profile</source>
        <translation>与另一个配置比较(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Migrate to schema 0.8</source>
        <translation>迁移到 schema 0.8(&amp;M)</translation>
    </message>
    <message>
        <source>Find a &amp;command or field…</source>
        <translation>查找命令或字段(&amp;C)…</translation>
    </message>
    <message>
        <source>Ctrl+K</source>
        <translation>Ctrl+K</translation>
    </message>
    <message>
        <source>&amp;Find or filter</source>
        <translation>查找或筛选(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Run in the sandbox</source>
        <translation>在沙箱中运行(&amp;R)</translation>
    </message>
    <message>
        <source>Show what &amp;would run…</source>
        <translation>显示将运行的内容(&amp;W)…</translation>
    </message>
    <message>
        <source>Shift+F5</source>
        <translation>Shift+F5</translation>
    </message>
    <message>
        <source>Run &amp;history…</source>
        <translation>运行历史(&amp;H)…</translation>
    </message>
    <message>
        <source>Ctrl+H</source>
        <translation>Ctrl+H</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>停止(&amp;S)</translation>
    </message>
    <message>
        <source>Ctrl+.</source>
        <translation>Ctrl+.</translation>
    </message>
    <message>
        <source>Stop &amp;all sessions</source>
        <translation>停止所有会话(&amp;A)</translation>
    </message>
    <message>
        <source>Ctrl+Shift+.</source>
        <translation>Ctrl+Shift+.</translation>
    </message>
    <message>
        <source>New session &amp;tab</source>
        <translation>新建会话标签页(&amp;T)</translation>
    </message>
    <message>
        <source>Ctrl+T</source>
        <translation>Ctrl+T</translation>
    </message>
    <message>
        <source>&amp;Close session tab</source>
        <translation>关闭会话标签页(&amp;C)</translation>
    </message>
    <message>
        <source>Ctrl+W</source>
        <translation>Ctrl+W</translation>
    </message>
    <message>
        <source>In a &amp;terminal</source>
        <translation>在终端中(&amp;T)</translation>
    </message>
    <message>
        <source>Gives the program a terminal to type into; otherwise it has no input, and its standard output and standard error are shown apart.</source>
        <translation>为程序提供可输入的终端；否则程序没有输入，其标准输出和标准错误分开显示。</translation>
    </message>
    <message>
        <source>As&amp;k about the network</source>
        <translation>询问网络访问(&amp;K)</translation>
    </message>
    <message>
        <source>Holds what no rule of a filtered network covers until you answer; without an answer it is denied once, and no rule is written.</source>
        <translation>暂停受过滤网络中没有规则涵盖的访问，直到您答复；若无答复，则拒绝一次，且不写入规则。</translation>
    </message>
    <message>
        <source>&amp;Next denial</source>
        <translation>下一个拒绝(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Previous denial</source>
        <translation>上一个拒绝(&amp;P)</translation>
    </message>
    <message>
        <source>A program is running</source>
        <translation>有程序正在运行</translation>
    </message>
    <message>
        <source>%1 is still running. Stop it and close its tab?</source>
        <translation>%1 仍在运行。要停止它并关闭其标签页吗？</translation>
    </message>
    <message>
        <source>That run was under a profile that was never saved. Its command is in the line above; choose a profile for it.</source>
        <translation>该次运行所用的配置从未保存。其命令已填入上方的命令行；请为它选择配置。</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>暂无</translation>
    </message>
    <message>
        <source>Save profile</source>
        <translation>保存配置</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>未保存的更改</translation>
    </message>
    <message>
        <source>The profile %1 has unsaved changes.</source>
        <translation>配置 %1 有未保存的更改。</translation>
    </message>
    <message>
        <source>Recording saved as %1</source>
        <translation>记录已保存为 %1</translation>
    </message>
    <message>
        <source>The sandbox sees only what the profile grants. Let it read %1?</source>
        <translation>沙箱只能看到配置授权的内容。允许它读取 %1 吗？</translation>
    </message>
    <message>
        <source>Grant read only</source>
        <translation>仅授权读取</translation>
    </message>
    <message>
        <source>grant %1</source>
        <translation>授权 %1</translation>
    </message>
    <message>
        <source>a profile without a file</source>
        <translation>没有文件的配置</translation>
    </message>
    <message>
        <source>Belljar ended without saving edits of %1, made until %2.</source>
        <translation>Belljar 结束时未保存对 %1 的编辑，这些编辑截至 %2。</translation>
    </message>
    <message>
        <source>Restore the edits</source>
        <translation>恢复编辑</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Home</source>
        <translation>主页(&amp;H)</translation>
    </message>
    <message>
        <source>Ctrl+1</source>
        <translation>Ctrl+1</translation>
    </message>
    <message>
        <source>&amp;Profile</source>
        <translation>配置(&amp;P)</translation>
    </message>
    <message>
        <source>Ctrl+2</source>
        <translation>Ctrl+2</translation>
    </message>
    <message>
        <source>&amp;Live</source>
        <translation>实时(&amp;L)</translation>
    </message>
    <message>
        <source>Ctrl+3</source>
        <translation>Ctrl+3</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>As the &amp;system</source>
        <translation>跟随系统(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>浅色(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>深色(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;High contrast</source>
        <translation>高对比度(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Language (at the next start)</source>
        <translation>语言（下次启动生效）(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Help…</source>
        <translation>帮助(&amp;H)…</translation>
    </message>
    <message>
        <source>&amp;Keyboard</source>
        <translation>键盘(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;About Belljar</source>
        <translation>关于 Belljar(&amp;A)</translation>
    </message>
    <message>
        <source>About Belljar</source>
        <translation>关于 Belljar</translation>
    </message>
    <message>
        <source>Belljar %1
Runs a program under a policy and shows everything it tries.
MIT licence.</source>
        <translation>Belljar %1
按策略运行程序，并显示它尝试的一切。
MIT 许可证。</translation>
    </message>
    <message>
        <source>Ctrl+1, Ctrl+2, Ctrl+3	Home, profile, live
F5, Ctrl+.	Run, stop
Ctrl+Shift+.	Stop all sessions
Ctrl+T, Ctrl+W	New session tab, close it
Ctrl+H	Run something of before again
Shift+F5	Show what would run, and the same for a terminal
F8, Shift+F8	Next, previous denial
Enter	Explain the selected event; go to the selected problem
Ctrl+K	Find any command or field
Ctrl+F	Find in the text; filter the events
= - H T G	In the events: show only, hide, highlight the value; its process tree; group by it
M N Backspace	Bookmark, note; take back the last condition
End	Follow the newest event
Ctrl+Z, Ctrl+Y	Undo, redo in form and text alike
Ctrl+N, Ctrl+O, Ctrl+S, Ctrl+E	New, open, save, export
Escape, then Tab	Leaves the text editor</source>
        <translation>Ctrl+1, Ctrl+2, Ctrl+3	主页、配置、实时
F5, Ctrl+.	运行、停止
Ctrl+Shift+.	停止所有会话
Ctrl+T, Ctrl+W	新建会话标签页、关闭标签页
Ctrl+H	再次运行以前的内容
Shift+F5	显示将运行的内容，以及在终端中的等效命令
F8, Shift+F8	下一个、上一个拒绝
Enter	解释选中的事件；转到选中的问题
Ctrl+K	查找任意命令或字段
Ctrl+F	在文本中查找；筛选事件
= - H T G	在事件中：仅显示、隐藏、高亮该值；其进程树；按其分组
M N Backspace	书签、备注；撤回最后一个条件
End	跟随最新事件
Ctrl+Z, Ctrl+Y	撤销、重做，对表单和文本均有效
Ctrl+N, Ctrl+O, Ctrl+S, Ctrl+E	新建、打开、保存、导出
Escape, Tab	离开文本编辑器</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>键盘</translation>
    </message>
</context>
<context>
    <name>belljar::MessageBar</name>
    <message>
        <source>Where: %1</source>
        <translation>位置：%1</translation>
    </message>
    <message>
        <source>Fix: %1</source>
        <translation>修复方法：%1</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Close the message</source>
        <translation>关闭消息</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
</context>
<context>
    <name>belljar::NetworkEditor</name>
    <message>
        <source>Add rule</source>
        <translation>添加规则</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Show in text</source>
        <translation>在文本中显示</translation>
    </message>
    <message>
        <source>A denial always wins. What no rule names is decided by "Otherwise" below.</source>
        <translation>拒绝始终优先。没有规则涵盖的访问由下方的 "Otherwise" 决定。</translation>
    </message>
    <message>
        <source>Network rules</source>
        <translation>网络规则</translation>
    </message>
    <message>
        <source>Whether the new rule allows or denies</source>
        <translation>新规则是允许还是拒绝</translation>
    </message>
    <message>
        <source>allow</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>deny</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>New network rule</source>
        <translation>新网络规则</translation>
    </message>
    <message>
        <source>10.0.0.0/8:443/tcp, *:53/udp or www.example.org:443</source>
        <translation>10.0.0.0/8:443/tcp、*:53/udp 或 www.example.org:443</translation>
    </message>
</context>
<context>
    <name>belljar::NetworkRuleModel</name>
    <message>
        <source>add network rule</source>
        <translation>添加网络规则</translation>
    </message>
    <message>
        <source>remove network rule</source>
        <translation>移除网络规则</translation>
    </message>
    <message>
        <source>allow</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>deny</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>%1 %2, ports %3, %4</source>
        <translation>%1 %2，端口 %3，%4</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>To</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>change host name</source>
        <translation>更改主机名</translation>
    </message>
    <message>
        <source>change network rule</source>
        <translation>更改网络规则</translation>
    </message>
</context>
<context>
    <name>belljar::NewProfileDialog</name>
    <message>
        <source>New profile</source>
        <translation>新建配置</translation>
    </message>
    <message>
        <source>Templates</source>
        <translation>模板</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Empty</source>
        <translation>空白</translation>
    </message>
    <message>
        <source>Grants nothing but the system's own programs and libraries.</source>
        <translation>除系统自身的程序和库外，不授权任何内容。</translation>
    </message>
    <message>
        <source>The chosen template</source>
        <translation>选中的模板</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>创建</translation>
    </message>
</context>
<context>
    <name>belljar::OutcomeBar</name>
    <message>
        <source>Save recording…</source>
        <translation>保存记录…</translation>
    </message>
    <message>
        <source>How the run ended</source>
        <translation>运行的结束方式</translation>
    </message>
    <message>
        <source>Nothing has run yet. F5 runs the profile's command.</source>
        <translation>尚未运行任何程序。按 F5 运行配置中的命令。</translation>
    </message>
    <message>
        <source>Running: %1</source>
        <translation>正在运行：%1</translation>
    </message>
    <message>
        <source>%1 events were lost (%2 at the source, %3 when recording, %4 on the way here).</source>
        <translation>丢失了 %1 个事件（来源处 %2 个，记录时 %3 个，传送途中 %4 个）。</translation>
    </message>
    <message>
        <source>The program did not start. %1</source>
        <translation>程序未能启动。%1</translation>
    </message>
    <message>
        <source>The program %1.</source>
        <translation>程序已结束：%1。</translation>
    </message>
    <message>
        <source>Opening %1…</source>
        <translation>正在打开 %1…</translation>
    </message>
    <message>
        <source>A recording of: %1</source>
        <translation>记录：%1</translation>
    </message>
    <message>
        <source>The session did not end in an orderly way.</source>
        <translation>会话未正常结束。</translation>
    </message>
    <message>
        <source>The file is damaged; everything before is shown: %1</source>
        <translation>文件已损坏；损坏处之前的内容已全部显示：%1</translation>
    </message>
</context>
<context>
    <name>belljar::OutputView</name>
    <message>
        <source>Standard error</source>
        <translation>标准错误</translation>
    </message>
    <message>
        <source>Program output</source>
        <translation>程序输出</translation>
    </message>
    <message>
        <source>Standard output</source>
        <translation>标准输出</translation>
    </message>
    <message>
        <source>Terminal</source>
        <translation>终端</translation>
    </message>
    <message>
        <source>What the program writes is shown here.</source>
        <translation>程序的输出会显示在这里。</translation>
    </message>
    <message>
        <source>Nothing yet. Standard input of the program is empty.</source>
        <translation>暂无。程序的标准输入为空。</translation>
    </message>
    <message>
        <source>A recording holds what a program tried, not what it wrote.</source>
        <translation>记录只包含程序的各种尝试，不包含它的输出。</translation>
    </message>
    <message>
        <source>%1 (written)</source>
        <translation>%1（原文）</translation>
    </message>
</context>
<context>
    <name>belljar::PathPicker</name>
    <message>
        <source>Choose a path</source>
        <translation>选择路径</translation>
    </message>
    <message>
        <source>Files and folders of this machine</source>
        <translation>本机的文件和文件夹</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Does not exist on this machine, or cannot be looked at.</source>
        <translation>在本机上不存在，或无法查看。</translation>
    </message>
    <message>
        <source>Link: %1 → %2</source>
        <translation>链接：%1 → %2</translation>
    </message>
    <message>
        <source>Real path: %1</source>
        <translation>实际路径：%1</translation>
    </message>
    <message>
        <source>Owner: %1</source>
        <translation>所有者：%1</translation>
    </message>
    <message>
        <source>Folder with very many entries</source>
        <translation>条目极多的文件夹</translation>
    </message>
    <message>
        <source>Folder with %1 entries</source>
        <translation>含 %1 个条目的文件夹</translation>
    </message>
    <message>
        <source>File of %1</source>
        <translation>%1 的文件</translation>
    </message>
    <message>
        <source>With the profile as it is now:</source>
        <translation>按当前配置：</translation>
    </message>
</context>
<context>
    <name>belljar::PathRuleModel</name>
    <message>
        <source>not on this machine</source>
        <translation>本机上没有</translation>
    </message>
    <message>
        <source>cannot be looked at</source>
        <translation>无法查看</translation>
    </message>
    <message>
        <source>links in a circle</source>
        <translation>循环链接</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>file</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>socket, pipe or device</source>
        <translation>套接字、管道或设备</translation>
    </message>
    <message>
        <source>read + write</source>
        <translation>读取 + 写入</translation>
    </message>
    <message>
        <source>read only</source>
        <translation>只读</translation>
    </message>
    <message>
        <source>denied</source>
        <translation>已拒绝</translation>
    </message>
    <message>
        <source>through a link to %1</source>
        <translation>经由指向 %1 的链接</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>add path</source>
        <translation>添加路径</translation>
    </message>
    <message>
        <source>remove path</source>
        <translation>移除路径</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>已更改</translation>
    </message>
    <message>
        <source>this file</source>
        <translation>本文件</translation>
    </message>
    <message>
        <source>%1, %2, %3, %4</source>
        <translation>%1，%2，%3，%4</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>Access</source>
        <translation>访问权限</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>在本机上</translation>
    </message>
    <message>
        <source>Origin</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>change path</source>
        <translation>更改路径</translation>
    </message>
    <message>
        <source>change access</source>
        <translation>更改访问权限</translation>
    </message>
</context>
<context>
    <name>belljar::PathTable</name>
    <message>
        <source>Access</source>
        <translation>访问权限</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>浏览…</translation>
    </message>
    <message>
        <source>Add path</source>
        <translation>添加路径</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Show in text</source>
        <translation>在文本中显示</translation>
    </message>
    <message>
        <source>What no rule names is absent in the sandbox. The most specific path decides. Folders and files can be dropped here.</source>
        <translation>没有规则涵盖的内容在沙箱中不存在。由最具体的路径决定。可将文件夹和文件拖放到此处。</translation>
    </message>
    <message>
        <source>Path rules</source>
        <translation>路径规则</translation>
    </message>
    <message>
        <source>New path</source>
        <translation>新路径</translation>
    </message>
    <message>
        <source>/path to allow or deny; may begin with ~, ${CWD} or ${PROFILE_DIR}</source>
        <translation>/要允许或拒绝的路径；可以 ~、${CWD} 或 ${PROFILE_DIR} 开头</translation>
    </message>
    <message>
        <source>Access of the new path</source>
        <translation>新路径的访问权限</translation>
    </message>
</context>
<context>
    <name>belljar::PlainEditor</name>
    <message>
        <source>Find next</source>
        <translation>查找下一个</translation>
    </message>
    <message>
        <source>Text to find</source>
        <translation>要查找的文本</translation>
    </message>
    <message>
        <source>Find in the text, Esc closes</source>
        <translation>在文本中查找，Esc 关闭</translation>
    </message>
    <message>
        <source>Profile text, JSON. Escape, then Tab leaves the editor.</source>
        <translation>配置文本，JSON。先按 Escape 再按 Tab 可离开编辑器。</translation>
    </message>
    <message>
        <source>What may stand here</source>
        <translation>此处可填写的内容</translation>
    </message>
    <message>
        <source>This editor cannot show the text as it is: a line has more than %1 characters, or there are characters in it that must be written as \u0000, \u2028 or \u2029. The form works all the same.</source>
        <translation>此编辑器无法原样显示文本：有一行超过 %1 个字符，或其中含有必须写作 \u0000、\u2028 或 \u2029 的字符。表单仍可正常使用。</translation>
    </message>
    <message>
        <source>typing</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>%1    %2</source>
        <translation>%1    %2</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>补全</translation>
    </message>
</context>
<context>
    <name>belljar::PreflightDialog</name>
    <message>
        <source>What would run</source>
        <translation>将运行的内容</translation>
    </message>
    <message>
        <source>The sandbox in detail</source>
        <translation>沙箱详情</translation>
    </message>
    <message>
        <source>There is no plan: %1</source>
        <translation>没有计划：%1</translation>
    </message>
    <message>
        <source>The sandbox in &amp;detail, as belljar plan shows it:</source>
        <translation>沙箱详情(&amp;D)，如 belljar plan 所示：</translation>
    </message>
    <message>
        <source>&amp;Show secrets</source>
        <translation>显示机密(&amp;S)</translation>
    </message>
    <message>
        <source>Something here looks like a password, a key or a token, and is masked</source>
        <translation>此处有看似密码、密钥或令牌的内容,已被遮盖</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>What is missing or worth knowing</source>
        <translation>缺少或值得了解的内容</translation>
    </message>
    <message>
        <source>Problems: %1</source>
        <translation>问题：%1</translation>
    </message>
    <message>
        <source>The same in a terminal</source>
        <translation>在终端中的等效命令</translation>
    </message>
    <message>
        <source>Save the profile first: in a terminal it is read from its file.</source>
        <translation>请先保存配置：在终端中会从文件读取配置。</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message>
        <source>The same in a &amp;terminal:</source>
        <translation>在终端中的等效命令(&amp;T)：</translation>
    </message>
</context>
<context>
    <name>belljar::ProcessTreeModel</name>
    <message>
        <source>ended, %1</source>
        <translation>已结束，%1</translation>
    </message>
    <message>
        <source>running</source>
        <translation>正在运行</translation>
    </message>
    <message>
        <source>%1: %2 events, %3 denied, %4</source>
        <translation>%1：%2 个事件，%3 个已拒绝，%4</translation>
    </message>
    <message>
        <source>Process</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>Exit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Denied</source>
        <translation>已拒绝</translation>
    </message>
</context>
<context>
    <name>belljar::ProfileDocument</name>
    <message>
        <source>untitled</source>
        <translation>未命名</translation>
    </message>
</context>
<context>
    <name>belljar::ProfileForm</name>
    <message>
        <source>Sections of the profile</source>
        <translation>配置的各部分</translation>
    </message>
    <message>
        <source>Partly enforced: %1</source>
        <translation>部分生效：%1</translation>
    </message>
    <message>
        <source>Not enforced yet: %1</source>
        <translation>尚未生效：%1</translation>
    </message>
    <message>
        <source>Not possible here: %1</source>
        <translation>此处无法实现：%1</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>Since schema %1.</source>
        <translation>自 schema %1 起。</translation>
    </message>
    <message>
        <source>Acts on: %1.</source>
        <translation>作用于：%1。</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>%1, problems: %2</source>
        <translation>%1，问题：%2</translation>
    </message>
    <message>
        <source>change %1</source>
        <translation>更改 %1</translation>
    </message>
</context>
<context>
    <name>belljar::ProfilePage</name>
    <message>
        <source>Apply the fix</source>
        <translation>应用修复</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Other systems</source>
        <translation>其他系统</translation>
    </message>
    <message>
        <source>Apply the fix of the selected problem</source>
        <translation>应用选中问题的修复</translation>
    </message>
    <message>
        <source>Alt+F</source>
        <translation>Alt+F</translation>
    </message>
    <message>
        <source>Changes the profile as the selected problem says; can be undone (Alt+F)</source>
        <translation>按选中问题的建议更改配置；可撤销 (Alt+F)</translation>
    </message>
    <message>
        <source>Problems of the profile; Enter goes to the line</source>
        <translation>配置的问题；Enter 转到该行</translation>
    </message>
    <message>
        <source>fix %1</source>
        <translation>修复 %1</translation>
    </message>
    <message>
        <source>The form shows the last valid state and cannot be changed until the text is valid again.</source>
        <translation>表单显示最后的有效状态，在文本恢复有效之前无法更改。</translation>
    </message>
    <message>
        <source>Problems: %1</source>
        <translation>问题：%1</translation>
    </message>
</context>
<context>
    <name>belljar::QueryBar</name>
    <message>
        <source>Query: which events to show</source>
        <translation>查询：要显示哪些事件</translation>
    </message>
    <message>
        <source>Filter, such as  verdict=denied path:/etc/*   (Ctrl+F)</source>
        <translation>筛选，例如  verdict=denied path:/etc/*   (Ctrl+F)</translation>
    </message>
    <message>
        <source>What is wrong with the query</source>
        <translation>查询的错误所在</translation>
    </message>
    <message>
        <source>Proposals</source>
        <translation>建议</translation>
    </message>
    <message>
        <source>Everything is shown</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>The query is valid</source>
        <translation>查询有效</translation>
    </message>
    <message>
        <source>The query is not complete</source>
        <translation>查询不完整</translation>
    </message>
    <message>
        <source>The query is wrong</source>
        <translation>查询有误</translation>
    </message>
</context>
<context>
    <name>belljar::QueryCompletion</name>
    <message numerus="yes">
        <source>%n events</source>
        <translation>
            <numerusform>%n 个事件</numerusform></translation>
    </message>
    <message>
        <source>%1, %2 denied</source>
        <translation>%1，%2 个已拒绝</translation>
    </message>
    <message>
        <source>none so far</source>
        <translation>目前没有</translation>
    </message>
</context>
<context>
    <name>belljar::RecordEditor</name>
    <message>
        <source>everything</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>%1 of a new entry of %2</source>
        <translation>%2 的新条目的 %1</translation>
    </message>
    <message>
        <source>new entry: %1</source>
        <translation>新条目：%1</translation>
    </message>
    <message>
        <source>Add the new entry to %1</source>
        <translation>将新条目添加到 %1</translation>
    </message>
    <message>
        <source>Remove the selected entry of %1</source>
        <translation>移除 %1 的选中条目</translation>
    </message>
</context>
<context>
    <name>belljar::RunHistory</name>
    <message>
        <source>(the profile's command)</source>
        <translation>（配置中的命令）</translation>
    </message>
    <message>
        <source>(a profile without a file)</source>
        <translation>（没有文件的配置）</translation>
    </message>
    <message>
        <source>1 run</source>
        <translation>运行 1 次</translation>
    </message>
    <message>
        <source>%1 runs</source>
        <translation>运行 %1 次</translation>
    </message>
    <message>
        <source>Pinned: %1</source>
        <translation>已固定：%1</translation>
    </message>
</context>
<context>
    <name>belljar::SessionTab</name>
    <message>
        <source>%1 – asks</source>
        <translation>%1 – 正在询问</translation>
    </message>
    <message>
        <source>%1 – runs</source>
        <translation>%1 – 正在运行</translation>
    </message>
    <message>
        <source>rule for %1</source>
        <translation>%1 的规则</translation>
    </message>
</context>
<context>
    <name>belljar::SessionTabs</name>
    <message>
        <source>Sessions</source>
        <translation>会话</translation>
    </message>
    <message>
        <source>New session</source>
        <translation>新建会话</translation>
    </message>
</context>
<context>
    <name>belljar::SystemsPane</name>
    <message>
        <source>enforced</source>
        <translation>生效</translation>
    </message>
    <message>
        <source>partly</source>
        <translation>部分生效</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>尚未生效</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>接受</translation>
    </message>
    <message>
        <source>no effect</source>
        <translation>无作用</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>What becomes of each field that the profile sets, on each containment. "Accepted" is what MXC takes where this Belljar does not have the containment yet.</source>
        <translation>配置设置的每个字段在各隔离方式下的效果。“接受”表示 MXC 接受该字段，但此 Belljar 尚不具备该隔离方式。</translation>
    </message>
    <message>
        <source>The profile on each containment</source>
        <translation>各隔离方式下的配置</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>%1 on %2: %3. %4</source>
        <translation>%1，%2：%3。%4</translation>
    </message>
    <message>
        <source>Choose a cell to read why.</source>
        <translation>选择单元格以查看原因。</translation>
    </message>
</context>
<context>
    <name>belljar::TerminalView</name>
    <message>
        <source>Terminal</source>
        <translation>终端</translation>
    </message>
    <message>
        <source>Keys go to the program. F6 leaves the terminal.</source>
        <translation>按键会发送给程序。F6 离开终端。</translation>
    </message>
    <message>
        <source>The program has ended; the arrow keys scroll.</source>
        <translation>程序已结束；方向键可滚动。</translation>
    </message>
    <message>
        <source><byte value="x18" /><byte value="xd" />
[%1 bytes were too many to show]<byte value="xd" />
</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>&amp;Copy	Ctrl+Shift+C</source>
        <translation>复制(&amp;C)	Ctrl+Shift+C</translation>
    </message>
    <message>
        <source>&amp;Paste	Ctrl+Shift+V</source>
        <translation>粘贴(&amp;P)	Ctrl+Shift+V</translation>
    </message>
</context>
<context>
    <name>belljar::Timeline</name>
    <message>
        <source>Timeline: arrow keys move, with Shift choose a time, Enter shows only that, Escape all, plus and minus zoom</source>
        <translation>时间线：方向键移动，配合 Shift 选择时段，Enter 仅显示该时段，Escape 显示全部，加号和减号缩放</translation>
    </message>
    <message>
        <source>all others</source>
        <translation>所有其他进程</translation>
    </message>
    <message>
        <source>Nothing has happened yet</source>
        <translation>尚未发生任何事件</translation>
    </message>
    <message>
        <source>%1, %2 to %3: about %4 events, %5 denied</source>
        <translation>%1，%2 至 %3：约 %4 个事件，%5 个已拒绝</translation>
    </message>
    <message>
        <source>The timeline shows what happens when.</source>
        <translation>时间线显示事件发生的时间。</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>Processes</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>Events missing</source>
        <translation>缺失的事件</translation>
    </message>
</context>
<context>
    <name>belljar::WebBridge</name>
    <message>
        <source>typing</source>
        <translation>输入</translation>
    </message>
</context>
<context>
    <name>belljar::WebEditor</name>
    <message>
        <source>its page could not be loaded</source>
        <translation>其页面无法加载</translation>
    </message>
    <message>
        <source>its process ended (code %1)</source>
        <translation>其进程已结束（代码 %1）</translation>
    </message>
    <message>
        <source>it did not start in time</source>
        <translation>未能及时启动</translation>
    </message>
</context>
</TS>
