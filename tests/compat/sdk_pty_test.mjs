// Runs on a pseudo-terminal, which is how the SDK runs programs unless told otherwise.
import assert from 'node:assert/strict';
import { configOf, eventually, freshFolder, mark, needsPty, nothingLeft, processesWith, runPty, scenario, sdk, VERSION }
    from './support.mjs';

const policy = { version: VERSION };

scenario('the program has a terminal of the asked size', needsPty, async () => {
    const { code, out } = await runPty(configOf('test -t 0 && test -t 1 && test -t 2 && stty size'));
    assert.equal(code, 0, out);
    assert.equal(out, '80 120\r\n');
    const small = await runPty(configOf('stty size'), { options: { ptyOptions: { cols: 40, rows: 10 } } });
    assert.equal(small.out, '10 40\r\n');
});

scenario('exit codes arrive', needsPty, async () => {
    for (const code of [0, 1, 7, 254]) assert.equal((await runPty(configOf(`exit ${code}`))).code, code);
});

scenario('what is typed is echoed and read', needsPty, async () => {
    let typed = false;
    const { code, out } = await runPty(configOf('echo name?; read name; echo "hello $name"'), {
        type: (pty, seen) => {
            if (!typed && seen.includes('name?')) typed = Boolean(pty.write('jar\r')) || true;
        },
    });
    assert.equal(code, 0);
    assert.equal(out, 'name?\r\njar\r\nhello jar\r\n');
});

scenario('a changed size reaches the program', needsPty, async () => {
    let resized = false;
    const script = 'trap "stty size; exit" WINCH; echo ready; i=0; while [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done';
    const { out } = await runPty(configOf(script), {
        type: (pty, seen) => {
            if (!resized && seen.includes('ready')) resized = Boolean(pty.resize(100, 30)) || true;
        },
    });
    assert.match(out, /30 100\r\n/);
});

scenario('Ctrl-C ends the program', needsPty, async (context) => {
    const word = mark(context);
    let pressed = false;
    const began = Date.now();
    const { code, out } = await runPty(configOf(`echo up; sleep 20; echo ${word}`), {
        type: (pty, seen) => {
            if (!pressed && seen.includes('up')) pressed = Boolean(pty.write('\x03')) || true;
        },
    });
    assert.ok(Date.now() - began < 15_000);
    assert.notEqual(code, 0);
    assert.ok(!out.includes(`${word}\r\n`));
    await nothingLeft(word);
});

scenario('Ctrl-D is the end of the input', needsPty, async () => {
    let typed = false;
    const { code, out } = await runPty(configOf('echo up; cat; echo after'), {
        type: (pty, seen) => {
            if (!typed && seen.includes('up')) typed = Boolean(pty.write('line\r\x04')) || true;
        },
    });
    assert.equal(code, 0);
    assert.match(out, /line\r\nline\r\nafter\r\n$/);
});

scenario('colours and other scripts pass', needsPty, async () => {
    const { out } = await runPty(configOf("printf '\\033[31mred\\033[0m Grüße 日本\\n'"));
    assert.equal(out, '\u001b[31mred\u001b[0m Grüße 日本\r\n');
});

scenario('4 MB of output arrive whole', needsPty, async () => {
    // The pause: node-pty throws away what it has not read 200 ms after the end, on any executor.
    const { code, out } = await runPty(configOf('head -c 4194304 /dev/zero | tr "\\0" x; sleep 2'));
    assert.equal(code, 0);
    assert.equal(out.length, 4 << 20);
    assert.match(out, /^x+$/);
});

scenario('a closed terminal ends the run', { ...needsPty, peerFails: 'processes of their own session go on' },
    async (context) => {
        const word = mark(context);
        const pty = sdk.spawnSandbox(`setsid sh -c 'sleep 25; : ${word}' & sleep 25; : ${word}`, policy);
        const ended = new Promise((resolve) => pty.onExit(resolve));
        await eventually(() => processesWith(word).length > 1, 'the processes inside');
        pty.kill();
        await ended;
        await nothingLeft(word);
    });

scenario('spawnSandbox takes folder, name and environment', needsPty, async (context) => {
    const folder = freshFolder(context);
    const pty = sdk.spawnSandbox('pwd; echo $COLOUR', { ...policy, filesystem: { readonlyPaths: [folder] } }, {}, folder,
        'a-name', { COLOUR: 'blue' });
    let out = '';
    pty.onData((data) => (out += data));
    const { exitCode } = await new Promise((resolve) => pty.onExit(resolve));
    assert.deepEqual([exitCode, out], [0, `${folder}\r\nblue\r\n`]);
});

scenario('spawnSandboxAsync gives output and exit code', needsPty, async () => {
    assert.deepEqual(await sdk.spawnSandboxAsync('echo out; echo err >&2; exit 3', policy),
        { stdout: 'out\r\nerr\r\n', stderr: '', exitCode: 3 });
    // What looks like an envelope but is the program's own is not taken for one when the program succeeds.
    const { stdout, exitCode } = await sdk.spawnSandboxAsync(`echo '{"error":{"code":"x","message":"y"}}'`, policy);
    assert.deepEqual([exitCode, stdout.includes('"code"')], [0, true]);
});

scenario('what is wrong with a configuration is shown on the terminal', needsPty, async () => {
    const config = configOf('echo ran');
    config.bogus = 1;
    const { code, out } = await runPty(config);
    assert.equal(code, 1);
    assert.match(out, /Request error\r\nConfiguration parse error: .*bogus/);
});

scenario('a run that takes too long ends on a terminal too', needsPty, async () => {
    const { code, out } = await runPty(configOf('sleep 20', { timeoutMs: 300 }));
    assert.equal(code, 255);
    assert.match(out, /timed out after 300ms/);
});

scenario('a dry run on a terminal says that all is well', needsPty, async () => {
    const { stdout, exitCode } = await sdk.spawnSandboxAsync('echo ran', policy, { dryRun: true });
    assert.equal(exitCode, 0);
    assert.match(stdout, /validation passed/);
});
