// Runs llama.cpp for SideBySide: node --input-type=module -e THIS SETUP, in a folder where
// node-llama-cpp is installed. SETUP is {model, threads, context, batch, flashAttention}.
// Answers a line when it is ready, then one for each line "PROMPT GENERATED DEPTH" it reads: the
// nanoseconds that the prompt and the generation took together.
import {getLlama, getModuleVersion, LlamaLogLevel} from "node-llama-cpp";
import {createInterface} from "node:readline";

process.execArgv.length = 0; // or else node-llama-cpp's own child processes would get our -e
const setup = JSON.parse(process.argv[1]);
const llama = await getLlama({
    gpu: false, build: "never", maxThreads: setup.threads, numa: false, logLevel: LlamaLogLevel.error
});
const model = await llama.loadModel({modelPath: setup.model, useMmap: true, gpuLayers: 0});
const context = await model.createContext({
    contextSize: setup.context,
    batchSize: setup.batch,
    threads: {ideal: setup.threads, min: setup.threads},
    flashAttention: setup.flashAttention
});
const sequence = context.getSequence();
const vocabulary = model.fileInfo.metadata.llama?.vocab_size
    ?? model.fileInfo.metadata.tokenizer.ggml.tokens.length;

let state = 1;
function randomTokens(count) {
    return Array.from({length: count}, () => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return (state >>> 8) % vocabulary;
    });
}

/** Evaluates tokens, then one token after the other, with the logits of all but the first ones. */
async function generate(tokens, count) {
    let done = 0;
    for await (const _ of sequence.evaluate(tokens, {temperature: 0, yieldEogToken: true})) {
        if (++done === count) {
            break;
        }
    }
}

async function run(prompt, generated, depth) {
    if (sequence.nextTokenIndex < depth) {
        await sequence.clearHistory();
        await sequence.evaluateWithoutGeneratingNewTokens(randomTokens(depth));
    } else if (sequence.nextTokenIndex > depth) {
        await sequence.eraseContextTokenRanges([{start: depth, end: sequence.nextTokenIndex}]);
    }
    const tokens = randomTokens(Math.max(prompt, 1));
    const start = process.hrtime.bigint();
    // The last token of a prompt gives logits, as does each that follows it.
    await generate(tokens, prompt === 0 ? generated : generated + 1);
    return process.hrtime.bigint() - start;
}

const release = llama.llamaCppRelease.release;
console.log(JSON.stringify({name: `llama.cpp ${release} (node-llama-cpp ${await getModuleVersion()})`}));
for await (const line of createInterface({input: process.stdin})) {
    const [prompt, generated, depth] = line.trim().split(" ").map(Number);
    console.log(JSON.stringify({nanos: Number(await run(prompt, generated, depth))}));
}
process.exit(0);
