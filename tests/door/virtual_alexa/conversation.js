// Holds a conversation with a served skill through virtual-alexa.
// Reads {modules, url, model, endpoint, token, steps} as JSON from standard input, and writes what the skill answered to
// each step: its response, or {"error": ...} where virtual-alexa could make nothing of the words.
// A step is {"launch": true}, {"say": words} or {"intend": intent}; "durations" says what Alexa makes of which words.
const { createRequire } = require('node:module');
const { readFileSync } = require('node:fs');

async function main() {
  const { modules, url, model, endpoint, token, steps } = JSON.parse(readFileSync(0, 'utf8'));
  const { VirtualAlexa } = createRequire(`${modules}/`)('virtual-alexa');
  const alexa = VirtualAlexa.Builder().skillURL(url).interactionModelFile(model).create();
  let durations = {};
  alexa.filter((request) => {
    request.context.System.apiEndpoint = endpoint;
    request.context.System.apiAccessToken = token;
    // Alexa sends a duration as ISO 8601; virtual-alexa leaves it in words.
    for (const slot of Object.values((request.request.intent || {}).slots || {})) {
      slot.value = durations[slot.value] || slot.value;
    }
  });
  const answers = [];
  for (const step of steps) {
    durations = step.durations || {};
    try {
      const answer = step.launch ? alexa.launch() : step.say ? alexa.utter(step.say) : alexa.intend(step.intend);
      answers.push((await answer).response);
    } catch (problem) {
      answers.push({ error: String(problem) });
    }
  }
  process.stdout.write(JSON.stringify(answers));
}

main();
