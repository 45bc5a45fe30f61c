// Runs through pipes: streams, exit codes, input, environment, folder, size, many at once.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { arch, configOf, freshFolder, onPeer, outputOf, processesWith, run, scenario, sdk, start, mark } from './support.mjs';

scenario('the executor is the one that MXC_BIN_DIR names', async () => {
    const { child, done } = start(configOf('true'), { input: '' });
    assert.equal((await done).code, 0);
    assert.ok(fs.statSync(child.spawnfile).isFile());
    if (!onPeer) assert.equal(child.spawnfile, path.join(process.env.MXC_BIN_DIR, arch, 'lxc-exec'));
});

scenario('output and errors arrive apart and whole', async () => {
    const result = await run(configOf('printf one; printf two >&2; printf three'));
    assert.deepEqual(result, { code: 0, signal: null, out: 'onethree', err: 'two' });
});

scenario('bytes of every value pass both ways', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
    const { out, code } = await start(configOf('cat'), { input: bytes }).done;
    assert.equal(code, 0);
    assert.ok(out.equals(bytes));
});

scenario('exit codes are those of the program', async () => {
    for (const code of [0, 1, 3, 42, 77, 126, 254]) assert.equal((await run(configOf(`exit ${code}`))).code, code);
});

scenario('a program that is not there is 127, one killed by a signal 128 + n', async () => {
    const missing = await run(configOf('no-such-program-here'));
    assert.equal(missing.code, 127);
    assert.match(missing.err, /no-such-program-here/);
    assert.equal((await run(configOf('kill -9 $$'))).code, 137);
});

scenario('signals reach programs inside', { peerFails: 'it leaves its blocked signals to the program' }, async () => {
    assert.equal((await run(configOf('kill -15 $$'))).code, 143);
    assert.equal(await outputOf("trap 'echo caught; exit' HUP; kill -1 $$; sleep 1; echo not caught"), 'caught\n');
});

scenario('the input ends when the caller ends it', async () => {
    const { child, done, parts } = start(configOf('while read line; do echo "got $line"; done; echo end'));
    child.stdin.write('first\n');
    await new Promise((resolve) => child.stdout.once('data', resolve));
    assert.equal(Buffer.concat(parts.out).toString(), 'got first\n', 'an answer before the input ended');
    child.stdin.end('second\n');
    assert.equal((await done).out.toString(), 'got first\ngot second\nend\n');
});

scenario('a closed input is the end of the file at once', async () => {
    assert.equal(await outputOf('cat; echo done', {}, { input: '' }), 'done\n');
});

scenario('an input that nobody reads does not hold the run up', async () => {
    assert.equal((await run(configOf('exit 4'), { input: randomBytes(4 << 20) })).code, 4);
});

scenario('megabytes pass unchanged in both directions', async () => {
    const bytes = randomBytes(8 << 20);
    const { out, code } = await start(configOf('cat'), { input: bytes }).done;
    assert.equal(code, 0);
    assert.equal(createHash('sha256').update(out).digest('hex'), createHash('sha256').update(bytes).digest('hex'));
});

scenario('64 MB of output arrive whole, with errors in between', async () => {
    let size = 0;
    const child = sdk.spawnSandboxFromConfig(
        configOf('for i in 1 2 3 4; do head -c 16777216 /dev/zero; echo $i >&2; done'), { usePty: false });
    let err = '';
    child.stdin.end();
    child.stdout.on('data', (data) => (size += data.length));
    child.stderr.on('data', (data) => (err += data));
    const code = await new Promise((resolve) => child.on('close', resolve));
    assert.deepEqual({ code, size, err }, { code: 0, size: 64 << 20, err: '1\n2\n3\n4\n' });
});

scenario('a reader that goes away ends the writer', async (context) => {
    const word = mark(context);
    const { child, done } = start(configOf(`: ${word}; yes ${word}`));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.stdout.destroy();
    const { code } = await done;
    assert.notEqual(code, 0);
    assert.deepEqual(processesWith(word), []);
});

scenario('the environment is what the configuration says and nothing else', async () => {
    process.env.BELLJAR_COMPAT_SECRET = 'of the caller';
    const config = configOf('env');
    config.process.env = ['ONE=1', 'EMPTY=', 'TWICE=first', 'SPACED=a b "c" $d', 'TWICE=second', 'UMLAUT=ß'];
    const result = await run(config, { env: { TWO: '2', MISSING: undefined } });
    delete process.env.BELLJAR_COMPAT_SECRET;
    assert.equal(result.code, 0, result.err);
    const lines = result.out.trim().split('\n').filter((line) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(line)).sort();
    assert.deepEqual(lines, ['EMPTY=', 'ONE=1', 'SPACED=a b "c" $d', 'TWICE=second', 'TWO=2', 'UMLAUT=ß']);
});

scenario('without any variable the program still runs', async () => {
    assert.equal(await outputOf('echo "[$HOME][$USER][$TERM]"'), '[][][]\n');
});

scenario('process.cwd is where the program starts', async (context) => {
    const folder = freshFolder(context);
    const config = configOf('pwd', { filesystem: { readonlyPaths: [folder] } });
    config.process.cwd = folder;
    assert.equal((await run(config)).out, `${folder}\n`);
});

scenario('the folder of the launcher is kept when the sandbox has it', async (context) => {
    const folder = freshFolder(context);
    assert.equal(await outputOf('pwd', { filesystem: { readonlyPaths: [folder] } }, { cwd: folder }), `${folder}\n`);
    assert.equal(await outputOf('pwd', {}, { cwd: folder }), '/\n');
});

scenario('a starting folder that is not there is an error before the program', async () => {
    const config = configOf('echo ran');
    config.process.cwd = '/no/such/folder';
    const result = await run(config);
    assert.notEqual(result.code, 0);
    assert.equal(result.out, '');
    assert.match(result.err, /no\/such\/folder/);
});

scenario('commands in other scripts, quotes and newlines are passed as they are', async () => {
    assert.equal(await outputOf("printf '%s' 'Grüße 🫙 日本'"), 'Grüße 🫙 日本');
    assert.equal(await outputOf('printf "%s\\n" \'a "b" c\'\nprintf "%s" $((6 * 7))'), 'a "b" c\n42');
});

scenario('a command longer than the kernel takes is an error, not a silent cut', async () => {
    const result = await run(configOf(`: ${'x'.repeat(90_000)}; echo ran`));
    assert.equal(result.out, 'ran\n', result.err);
    // Configurations themselves travel as one argument, so that a longer command does not even reach the executor.
    await assert.rejects(run(configOf(`: ${'x'.repeat(140_000)}`)), { code: 'E2BIG' });
});

scenario('twelve runs at once do not mix', async () => {
    const runs = Array.from({ length: 12 }, async (_, number) => {
        const result = await run(configOf(`cat; echo "run ${number}" >&2; exit ${number}`), { input: `input ${number}` });
        assert.deepEqual(result, { code: number, signal: null, out: `input ${number}`, err: `run ${number}\n` });
    });
    await Promise.all(runs);
});

scenario('containers may have names, also the same one twice', async () => {
    const config = sdk.buildSandboxPayload('echo named', { version: '0.7.0-alpha' }, undefined, 'same-name');
    assert.equal(config.containerId, 'same-name');
    const results = await Promise.all([run(config), run(config)]);
    for (const result of results) assert.equal(result.out, 'named\n', result.err);
});

scenario('every schema version that the SDK knows runs', async () => {
    for (const version of ['0.6.0-alpha', '0.7.0-alpha', '0.8.0-alpha', '0.9.0-alpha', '0.6.0', '0.8.1'])
        assert.equal(await outputOf('echo ok', { version }), 'ok\n', version);
});
