// The least that a service must do to take a webhook durably: Express, JSON, and one insert by the driver.
import express from 'express';
import { MongoClient } from 'mongodb';

const [given = '{}'] = process.argv.slice(2);
const { uri } = JSON.parse(given) as { readonly uri: string };
const client = await MongoClient.connect(uri, { writeConcern: { w: 'majority', journal: true } });
const events = client.db().collection('bare_events');
const app = express();
app.use(express.json({ limit: '1mb' }));
app.post('/webhooks/:source', async (req, res) => {
  const { source } = req.params;
  const { insertedId } = await events.insertOne({ source, body: req.body, at: new Date() });
  res.status(202).json({ id: insertedId });
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}\n`);
});
