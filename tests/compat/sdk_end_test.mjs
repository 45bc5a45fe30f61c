// How runs end before their time, and what the SDK is told when something is wrong.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { configOf, eventually, freshFolder, mark, needsPty, nothingLeft, onPeer, processesWith, run, scenario, sdk, sleep,
    start, VERSION } from './support.mjs';

// The envelope as the SDK itself looks for it: a line that begins with a brace.
function envelope(text) {
    const line = text.split('\n').find((candidate) => candidate.trim().startsWith('{'));
    return line ? JSON.parse(line).error : undefined;
}

scenario('a run that takes too long ends with 255 and says so', async (context) => {
    const began = Date.now();
    const word = mark(context);
    const result = await start(configOf(`echo begun; sleep 20; echo ${word}`, { timeoutMs: 400 })).exited;
    assert.ok(Date.now() - began < 15_000);
    assert.deepEqual([result.code, result.out], [255, 'begun\n']);
    assert.match(result.err, /timed out after 400ms/);
});

scenario('after a timeout the streams are closed', { peerFails: 'what runs inside keeps them open' }, async (context) => {
    const word = mark(context);
    const { done, exited } = start(configOf(`sleep 25; : ${word}`, { timeoutMs: 200 }));
    await exited;
    assert.ok(await Promise.race([done, sleep(onPeer ? 300 : 5000)]), 'still open');
});

scenario('a timeout that is not reached changes nothing', async () => {
    assert.deepEqual(await run(configOf('exit 5', { timeoutMs: 20_000 })), { code: 5, signal: null, out: '', err: '' });
});

scenario('a timeout takes everything with it', { peerFails: 'only its direct child is killed' }, async (context) => {
    const word = mark(context);
    const inside = `trap "" TERM HUP; sh -c "sleep 25; : ${word}"`;
    const result = await start(configOf(`setsid sh -c '${inside}' & ${inside}`, { timeoutMs: 500 })).exited;
    assert.equal(result.code, 255);
    await nothingLeft(word);
});

scenario('children that stay in the background end with the run',
    { peerFails: 'they go on' }, async (context) => {
        const word = mark(context);
        const config = configOf(`setsid sh -c 'sleep 25; : ${word}' > /dev/null 2>&1 < /dev/null & exit 6`);
        assert.equal((await start(config).exited).code, 6);
        await nothingLeft(word);
    });

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL']) {
    scenario(`${signal} to the run leaves nothing behind`,
        { peerFails: 'what runs inside goes on' }, async (context) => {
            const word = mark(context);
            const { child, exited } = start(configOf(`echo up; setsid sh -c 'sleep 25; : ${word}' & sleep 25; : ${word}`));
            await new Promise((resolve) => child.stdout.once('data', resolve));
            await eventually(() => processesWith(word).length > 1, 'the processes inside');
            assert.ok(child.kill(signal));
            const result = await exited;
            assert.ok(result.code !== 0 || result.signal === signal);
            await nothingLeft(word);
        });
}

scenario('a dry run starts nothing and says that all is well', async (context) => {
    const folder = freshFolder(context);
    const config = configOf(`touch ${folder}/ran`, { filesystem: { readwritePaths: [folder] } });
    const result = await run(config, { options: { dryRun: true } });
    assert.equal(result.code, 0, result.err);
    assert.match(result.out, /validation passed/);
    assert.deepEqual(fs.readdirSync(folder), []);
    assert.equal((await run(config)).code, 0);
    assert.deepEqual(fs.readdirSync(folder), ['ran'], 'a control');
});

// Accepted by the SDK and as a text, refused by the containment.
const REFUSED = { network: { ingress: { default: 'allow' } } };
const REFUSAL = /^Bubblewrap: network\.ingress\.default='allow' is not supported/;

scenario('what the containment refuses ends with 255 and the reason', async () => {
    const result = await run(configOf('echo ran', REFUSED));
    assert.deepEqual([result.code, result.out], [255, '']);
    assert.match(result.err, REFUSAL);
});

scenario('the reason comes as an envelope that the SDK finds',
    { peerFails: 'its envelope does not begin a line' }, async () => {
        const error = envelope((await run(configOf('echo ran', REFUSED))).err);
        assert.equal(error?.code, 'backend_error');
        assert.match(error.message, REFUSAL);
    });

scenario('a failed dry run says why', { peerFails: 'it keeps silent' }, async () => {
    const result = await run(configOf('echo ran', REFUSED), { options: { dryRun: true } });
    assert.equal(result.code, 255);
    assert.match(result.out, /validation failed/);
    assert.match(result.err, REFUSAL);
});

scenario('a timeout comes as an envelope that the SDK finds', async (context) => {
    const result = await start(configOf(`sleep 20; : ${mark(context)}`, { timeoutMs: 200 })).exited;
    assert.equal(envelope(result.err)?.code, 'backend_error', result.err);
});

scenario('spawnSandboxAsync rejects with an MxcError that carries the reason',
    { ...needsPty, peerFails: 'its envelope does not begin a line' }, async () => {
        await assert.rejects(sdk.spawnSandboxAsync('echo ran', { version: VERSION, ...REFUSED }), (error) => {
            assert.ok(error instanceof sdk.MxcError, String(error));
            assert.equal(error.code, 'backend_error');
            assert.match(error.message, REFUSAL);
            return true;
        });
    });

scenario('what is wrong with a configuration is code 1 and a sentence', async () => {
    const cases = [
        [(config) => (config.bogus = 1), /unknown field `bogus`/],
        [(config) => (config.process.timeout = -1), /process\.timeout|invalid value/],
        [(config) => (config.version = '0.3.0'), /older than supported/],
        [(config) => (config.version = '1.0.0'), /newer than supported/],
        [(config) => (config.version = 'eight'), /version/],
        [(config) => (config.filesystem.readonlyPaths = ['']), /Filesystem path is empty/],
        [(config) => (config.network = { defaultPolicy: 'maybe' }), /maybe/],
        [(config) => (config.network = { egress: { allow: [{ to: [{ cidr: '10.0.0.1/8' }] }] } }), /must be a valid network CIDR/],
        [(config) => (config.lxc = {}), /lxc/],
        [(config) => (config.phase = 'start'), /state-aware/],
    ];
    for (const [spoil, sentence] of cases) {
        const config = configOf('echo ran');
        spoil(config);
        const result = await run(config);
        assert.deepEqual([result.code, result.out], [1, ''], result.err);
        assert.match(result.err, /^Request error\n/);
        assert.match(result.err, /Configuration parse error: /);
        assert.match(result.err, sentence);
    }
});

scenario('experimental containments are told apart', async () => {
    const config = configOf('true');
    config.containment = 'hyperlight';
    await assert.rejects(run(config), /requires experimental mode/, 'the SDK asks first');
    const result = await run(config, { options: { experimental: true } });
    assert.notEqual(result.code, 0);
    assert.match(result.err, /[Hh]yperlight/);
});

scenario('the SDK refuses by itself what it can', async () => {
    const never = { options: { executablePath: '/no/such/executor' } };
    await assert.rejects(run(configOf('true'), never), /File not found/);
    await assert.rejects(run(configOf('')), /script is required/);
    assert.throws(() => sdk.createConfigFromPolicy({ version: '0.5.0' }), /older than supported/);
    assert.throws(() => sdk.createConfigFromPolicy({ version: VERSION }, 'vm'), /not yet supported/);
    const proxied = configOf('true', { network: { proxy: { builtinTestServer: true } } });
    await assert.rejects(run(proxied), /allowTestingFeatures/);
});

scenario('the flag for testing features is passed on', async () => {
    const proxied = configOf('true', { version: '0.7.0-alpha', network: { proxy: { builtinTestServer: true } } });
    const result = await run(proxied, { options: { allowTestingFeatures: true, dryRun: true } });
    assert.match(result.out, /validation passed/, result.err);
});

scenario('a log folder gets one file with the notes of both sides', async (context) => {
    const folder = freshFolder(context);
    const result = await run(configOf('echo out'), { options: { logDir: folder } });
    assert.deepEqual([result.code, result.out], [0, 'out\n']);
    const files = fs.readdirSync(folder);
    assert.equal(files.length, 1);
    const lines = fs.readFileSync(path.join(folder, files[0]), 'utf8').split('\n');
    assert.ok(lines.some((line) => line.includes('mxc.spawn.start')));
    assert.ok(lines.some((line) => /^\[\d+\] /.test(line)), `no line of the executor:\n${lines.join('\n')}`);
});

scenario('debugging keeps the output of the program', async (context) => {
    const options = { debug: true, logDir: freshFolder(context) };
    const result = await run(configOf('echo out; echo err >&2; exit 9'), { options });
    assert.equal(result.code, 9);
    assert.match(result.out, /^out$/m);
    assert.match(result.err, /^err$/m);
});

scenario('sandboxes that live longer are not to be had on Linux, and the SDK is told', async () => {
    const network = { defaultPolicy: 'allow', allowLocalNetwork: true };
    await assert.rejects(sdk.provisionSandbox('isolation_session', { network }, { experimental: true }));
    await assert.rejects(sdk.startSandbox('iso:none', undefined, { experimental: true }));
    await assert.rejects(sdk.execInSandboxAsync('wslc:none', { process: { commandLine: 'true' } },
        { experimental: true }).then((result) => assert.equal(result.exitCode, 0)));
    await assert.rejects(sdk.stopSandbox('none'), { code: 'malformed_id' });
});
