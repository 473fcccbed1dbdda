// The least that a service on Express and mongoose must do to start: connect, make one index, listen.
import express from 'express';
import mongoose from 'mongoose';

const [uri = ''] = process.argv.slice(2);
await mongoose.connect(uri);
const note = mongoose.model('note', new mongoose.Schema({ key: { type: String, unique: true } }));
await note.init();
const app = express();
app.get('/health', (_req, res) => {
  res.json({ status: 'pass' });
});
app.listen(0, '127.0.0.1', () => process.stdout.write('ready\n'));
