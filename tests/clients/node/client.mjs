// Asks the FHIR base of a running Proterm by fhir-kit-client; prints what it found as JSON.
// node client.mjs http://127.0.0.1:8080/r4

import { Client } from "fhir-kit-client";

const CPT = "http://www.ama-assn.org/go/cpt";
const client = new Client({ baseUrl: process.argv[2] });

const ids = (bundle) => (bundle.entry ?? []).map(({ resource }) => resource.id);
const named = (parameters, name) => parameters.parameter.find((p) => p.name === name);

async function pages(searchParams) {
  const found = [];
  let bundle = await client.search({ resourceType: "InsurancePlan", searchParams });
  while (bundle) {
    found.push(ids(bundle));
    bundle = await client.nextPage({ bundle });
  }
  return found;
}

async function lookUp(code) {
  const input = { system: CPT, code };
  const answer = await client.operation({
    name: "lookup", resourceType: "CodeSystem", method: "GET", input,
  });
  return named(answer, "display").valueString;
}

async function validate(code) {
  const procedure = {
    resourceType: "Procedure",
    status: "completed",
    subject: { reference: "Patient/example" },
    code: { coding: [{ system: CPT, code }] },
  };
  const input = {
    resourceType: "Parameters",
    parameter: [
      { name: "url", valueUri: CPT },
      { name: "coding", valueCoding: procedure.code.coding[0] },
    ],
  };
  const answer = await client.operation({ name: "validate-code", resourceType: "CodeSystem", input });
  return named(answer, "result").valueBoolean;
}

async function failure(promise) {
  try {
    await promise;
    return null;
  } catch (error) {
    if (!error.response) throw error;
    return { status: error.response.status, issue: error.response.data.issue[0].code };
  }
}

const none = { "coverage-benefit-type": `${CPT}|99213` };
const noted = { "coverage-benefit-type": `${CPT}|37244` };
const found = {
  fhirVersion: (await client.capabilityStatement()).fhirVersion,
  read: (await client.read({ resourceType: "InsurancePlan", id: "aetna" })).name,
  search: ids(await client.search({ resourceType: "InsurancePlan", searchParams: noted })),
  searchForNone: ids(await client.search({ resourceType: "InsurancePlan", searchParams: none })),
  pages: await pages({ ...noted, _count: 2 }),
  display: await lookUp("37244"),
  valid: { 37244: await validate("37244"), 99213: await validate("99213") },
  unknownCode: await failure(lookUp("99213")),
  unknownPayer: await failure(client.read({ resourceType: "InsurancePlan", id: "nobody" })),
};
console.log(JSON.stringify(found));
