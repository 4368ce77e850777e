// How passes 3 and 4 of HLS travel: as method reply_to_HLS_authentication of the association
// object, invoked by ACTION with logical names (class 15, method 1) and by a parameterised Read
// with short names (class 12, method 8).
#pragma once

#include "devices/cosem/association.hpp"

namespace meterproof::cosem {

// Plain request that carries f(StoC).
Bytes encode_reply_to_hls(Referencing referencing, BytesView token);
// f(CtoS) in the plain answer. peer_not_authentic when there is none; a refusal otherwise.
Result<Bytes> token_of_hls_answer(Referencing referencing, BytesView plain);

// What a peer says instead of the answer that is due: always an error.
Error refusal_in(BytesView plain);

}  // namespace meterproof::cosem
